/** All that came from a device and all that it was told, the newest first. */
import { Badge, Button, Group, Skeleton, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { told } from '../../i18n/told'
import { formatBytes } from '../../ui/format'
import { thumbnailUrl } from '../footage/queries'
import { AlarmRow } from './AlarmRow'
import { FrameStrip } from './FrameStrip'
import classes from './fleet.module.css'
import { alarmsQuery, commandsQuery, order, sightingsQuery, takeBack, uplinksQuery, useFleetWrite } from './queries'
import { SightingRow } from './SightingRow'
import { entriesOf } from './timelineEntries'
import { reasonOf } from './triggers'
import type { Command, Device, Uplink } from './types'
import { When } from './When'

export function DeviceTimeline({ device, may }: { device: Device; may: boolean }) {
  const { t } = useTranslation()
  const [alarms, uplinks, sightings, commands] = useQueries({
    queries: [alarmsQuery(device.id), uplinksQuery(device.id), sightingsQuery(device.id), commandsQuery(device.id)],
  })
  if (!alarms.data || !uplinks.data || !sightings.data || !commands.data) return <Skeleton h={300} />
  const shown = entriesOf(alarms.data, uplinks.data, sightings.data, commands.data)
  return (
    <section aria-label={t('fleet.timeline')}>
      <Title order={2} size="h4">
        {t('fleet.timeline')}
      </Title>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('fleet.timelineNone')}
        </Text>
      )}
      {shown.map((entry) =>
        'alarm' in entry ? (
          <AlarmRow key={entry.id} alarm={entry.alarm} />
        ) : 'run' in entry ? (
          <FrameStrip key={entry.id} uplinks={entry.run} />
        ) : 'uplink' in entry ? (
          <UplinkRow key={entry.id} uplink={entry.uplink} may={may} />
        ) : 'sighting' in entry ? (
          <SightingRow key={entry.id} sighting={entry.sighting} />
        ) : (
          <CommandRow key={entry.id} command={entry.command} may={may} />
        ),
      )}
    </section>
  )
}

function UplinkRow({ uplink, may }: { uplink: Uplink; may: boolean }) {
  const { t } = useTranslation()
  const send = useFleetWrite(order)
  const clip = () =>
    send.mutate({ device: uplink.device, kind: 'request_clip', args: { at_ms: Date.parse(uplink.at), seconds: 5 } })
  return (
    <div className={classes.row}>
      <When at={uplink.at} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {t('fleet.frame', { trigger: reasonOf(uplink.trigger, t) })}
          </Text>
          {uplink.state === 'labelled' && (
            <Badge variant="light">{t('fleet.risk', { risk: uplink.risk.toFixed(2) })}</Badge>
          )}
          {uplink.late && (
            <Badge variant="light" color="orange">
              {t('fleet.late')}
            </Badge>
          )}
          {may && (
            <Button size="compact-xs" variant="subtle" loading={send.isPending} onClick={clip}>
              {t('fleet.clip')}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {[...(uplink.body.sentences ?? []).map((one) => told(one)), formatBytes(uplink.size)].join(' · ')}
        </Text>
      </div>
      {uplink.frame !== null && (
        <div className={classes.frames} style={{ margin: 0 }}>
          <Link to="/audit/desk" search={{ frame: uplink.frame }} preload={false}>
            <img
              src={thumbnailUrl(uplink.frame)}
              alt={t('fleet.frame', { trigger: reasonOf(uplink.trigger, t) })}
              loading="lazy"
            />
          </Link>
        </div>
      )}
    </div>
  )
}

function CommandRow({ command, may }: { command: Command; may: boolean }) {
  const { t } = useTranslation()
  const back = useFleetWrite(takeBack)
  const waits = command.state === 'queued' || command.state === 'delivered'
  return (
    <div className={classes.row}>
      <When at={command.issued_at} />
      <Group gap="xs">
        <Text size="sm">
          {t('fleet.order')}: {t(`fleet.command.${command.kind}`)}
        </Text>
        <Badge variant="light" color={command.state === 'succeeded' ? 'teal' : waits ? 'blue' : 'gray'}>
          {t(`fleet.orderState.${command.state}`)}
        </Badge>
        <Text size="sm" c="dimmed">
          {command.result.reason ??
            (command.result.frames !== undefined && t('fleet.clipFrames', { count: command.result.frames }))}
        </Text>
        {may && waits && (
          <Button size="compact-xs" variant="subtle" onClick={() => back.mutate(command.id)}>
            {t('fleet.cancelOrder')}
          </Button>
        )}
      </Group>
    </div>
  )
}
