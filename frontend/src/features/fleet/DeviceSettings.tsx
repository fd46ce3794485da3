/** What one device goes by: alarm thresholds, uplink budget, how its camera is built in. */
import { Button, Stack, Text } from '@mantine/core'
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
    <Stack gap="md">
      {device.health.settings === undefined && (
        <Text size="sm" c="dimmed">
          {t('fleet.settingsUnknown')}
        </Text>
      )}
      <NumbersForm
        key={`thresholds ${JSON.stringify(thresholds)}`}
        title={t('fleet.thresholds')}
        fields={thresholdFields(t)}
        start={inForce('thresholds', thresholds)}
        pending={send.isPending}
        send={(args) => send.mutate({ device: device.id, kind: 'set_thresholds', args }, said)}
      />
      <NumbersForm
        key={`budget ${JSON.stringify(budget)}`}
        title={t('fleet.budget')}
        hint={t('fleet.budgetHint')}
        fields={budgetFields(t)}
        start={inForce('budget', budget)}
        pending={send.isPending}
        send={(args) => send.mutate({ device: device.id, kind: 'set_budget', args }, said)}
      />
      <NumbersForm
        key={`camera ${JSON.stringify(device.camera)}`}
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
    </Stack>
  )
}
