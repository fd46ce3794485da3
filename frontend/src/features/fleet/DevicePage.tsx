/** `/fleet/<device>`: how it is, what it is told, and all that came from it by time. */
import { Button, Group, NumberInput, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { PageHeader } from '../../ui/PageHeader'
import { DeviceTimeline } from './DeviceTimeline'
import { Presence, Warnings } from './Presence'
import { deviceQuery, order, revoke, rotate, useFleetWrite } from './queries'
import { TokenNote } from './TokenNote'
import type { Device } from './types'

export function DevicePage() {
  const { t } = useTranslation()
  const { deviceId } = useParams({ from: '/member/shell/fleet/$deviceId' })
  const device = useQuery(deviceQuery(Number(deviceId)))
  const may = useRight('fleet.write')
  if (device.isError) return <ErrorNote error={device.error} retry={() => void device.refetch()} />
  if (device.isPending) return <Skeleton h={300} />
  const { data } = device
  return (
    <>
      <PageHeader
        above={<TextLink to="/fleet">{t('fleet.title')}</TextLink>}
        title={data.name}
        lead={
          <Group gap="xs" component="span">
            <Presence device={data} />
            <Warnings device={data} />
            {data.vehicle} {data.model_version && `${t('fleet.model')}: ${data.model_version}`}
          </Group>
        }
      />
      <Stack gap="lg" maw={960}>
        {may && <Orders device={data} />}
        <DeviceTimeline device={data} may={may} />
      </Stack>
    </>
  )
}

function Orders({ device }: { device: Device }) {
  const { t } = useTranslation()
  const [sure, setSure] = useState(false)
  const send = useFleetWrite(order)
  const fresh = useFleetWrite(rotate)
  const end = useFleetWrite(revoke)
  const revokeNow = () => end.mutate(device.id, { onSuccess: () => [setSure(false), notifyDone(t('fleet.revoked'))] })
  const ping = () =>
    send.mutate({ device: device.id, kind: 'ping' }, { onSuccess: () => notifyDone(t('fleet.ordered')) })
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button variant="default" loading={send.isPending} onClick={ping}>
          {t('fleet.ping')}
        </Button>
        <Button variant="default" loading={fresh.isPending} onClick={() => fresh.mutate(device.id)}>
          {t('fleet.rotate')}
        </Button>
        <Button
          variant={sure ? 'filled' : 'default'}
          color="red"
          onClick={() => (sure ? revokeNow() : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {t(sure ? 'fleet.revokeSure' : 'fleet.revoke')}
        </Button>
      </Group>
      {fresh.data && <TokenNote made={fresh.data} />}
      <Thresholds device={device} />
    </Stack>
  )
}

/** The standard's values stand there; the device's own are known to the device alone. */
function Thresholds({ device }: { device: Device }) {
  const { t } = useTranslation()
  const [values, setValues] = useState({ fcw_s: 2.7, pcw_s: 3, headway_s: 1, enable_kmh: 30 })
  const send = useFleetWrite(order)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = { device: device.id, kind: 'set_thresholds', args: values }
    send.mutate(wanted, { onSuccess: () => notifyDone(t('fleet.ordered')) })
  }
  const field = (name: keyof typeof values, label: string, min: number, max: number) => (
    <NumberInput
      label={label}
      w={150}
      min={min}
      max={max}
      step={name === 'enable_kmh' ? 5 : 0.1}
      decimalScale={1}
      value={values[name]}
      onChange={(value) => setValues({ ...values, [name]: Number(value) })}
    />
  )
  return (
    <form onSubmit={submit} aria-label={t('fleet.thresholds')}>
      <Group align="flex-end" gap="xs">
        {field('fcw_s', t('fleet.fcw'), 1, 5)}
        {field('pcw_s', t('fleet.pcw'), 1, 5)}
        {field('headway_s', t('fleet.headway'), 1, 5)}
        {field('enable_kmh', t('fleet.enable'), 0, 60)}
        <Button type="submit" variant="default" loading={send.isPending}>
          {t('fleet.send')}
        </Button>
      </Group>
    </form>
  )
}
