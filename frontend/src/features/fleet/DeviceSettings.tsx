/** What one device goes by: alarm thresholds, uplink budget, how its camera is built in. Folded, for what came from it matters first. */
import { Accordion, Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { notifyDone } from '../../ui/notify'
import { NumbersForm } from './NumbersForm'
import { forgetCamera, order, setCamera, useFleetWrite } from './queries'
import { budgetFields, cameraFields, inForce, thresholdFields } from './settings'
import type { Device } from './types'

const USUAL = { width: 1280, height: 720, focal_px: 1203, height_m: 1.4, pitch_deg: 0, horizon_px: null }

export function DeviceSettings({ device }: { device: Device }) {
  const { t } = useTranslation()
  const send = useFleetWrite(order)
  const mount = useFleetWrite(setCamera)
  const forget = useFleetWrite(forgetCamera)
  const said = { onSuccess: () => notifyDone(t('fleet.ordered')) }
  const { thresholds, budget } = device.health.settings ?? {}
  return (
    <>
      {device.health.settings === undefined && (
        <Text size="sm" c="dimmed">
          {t('fleet.settingsUnknown')}
        </Text>
      )}
      <Accordion variant="contained" multiple order={2}>
        <Section name="thresholds" title={t('fleet.thresholds')}>
          <NumbersForm
            key={JSON.stringify(thresholds)}
            titled
            title={t('fleet.thresholds')}
            fields={thresholdFields(t)}
            start={inForce('thresholds', thresholds)}
            pending={send.isPending}
            send={(args) => send.mutate({ device: device.id, kind: 'set_thresholds', args }, said)}
          />
        </Section>
        <Section name="budget" title={t('fleet.budget')}>
          <NumbersForm
            key={JSON.stringify(budget)}
            titled
            title={t('fleet.budget')}
            hint={t('fleet.budgetHint')}
            fields={budgetFields(t)}
            start={inForce('budget', budget)}
            pending={send.isPending}
            send={(args) => send.mutate({ device: device.id, kind: 'set_budget', args }, said)}
          />
        </Section>
        <Section name="camera" title={t('fleet.camera')}>
          <NumbersForm
            key={JSON.stringify(device.camera)}
            titled
            title={t('fleet.camera')}
            hint={t('fleet.cameraHint')}
            fields={cameraFields(t)}
            start={{ ...USUAL, ...device.camera }}
            pending={mount.isPending}
            send={(camera) => mount.mutate({ device: device.id, camera }, said)}
          >
            <Button variant="subtle" loading={forget.isPending} onClick={() => forget.mutate(device.id, said)}>
              {t('fleet.usualCamera')}
            </Button>
          </NumbersForm>
        </Section>
      </Accordion>
    </>
  )
}

function Section({ name, title, children }: { name: string; title: string; children: ReactNode }) {
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  )
}
