/** `/fleet/<device>`: how it is, what it is told, and all that came from it by time. */
import { Button, Group, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { PageHeader } from '../../ui/PageHeader'
import { DeviceSettings } from './DeviceSettings'
import { DeviceTimeline } from './DeviceTimeline'
import classes from './fleet.module.css'
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
            {[data.vehicle, data.model_version && `${t('fleet.model')}: ${data.model_version}`]
              .filter(Boolean)
              .join(' · ')}
          </Group>
        }
      />
      <div className={classes.device}>
        {may && <Orders device={data} />}
        <DeviceTimeline device={data} may={may} />
      </div>
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
    <Stack gap="sm" className={classes.orders}>
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
      <DeviceSettings device={device} />
    </Stack>
  )
}
