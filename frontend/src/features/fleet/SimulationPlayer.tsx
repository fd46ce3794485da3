/** What the driver would have seen, played. */
import { Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { alarmName } from './alarmName'
import classes from './fleet.module.css'
import { PlayBar, usePlayback } from './playback'
import { pictureUrl, timelineQuery } from './queries'
import { roomForLabels } from './roomForLabels'
import { sceneOf } from './scenes'
import { reasonOf } from './triggers'
import type { Moment, SeenBox, Timeline } from './types'

const WARNS_MS = 1500

export function SimulationPlayer({ job }: { job: Job }) {
  const timeline = useQuery(timelineQuery(job.id))
  if (timeline.isError) return <ErrorNote error={timeline.error} retry={() => void timeline.refetch()} />
  if (timeline.isPending) return <Skeleton h={420} />
  return <Player job={job} timeline={timeline.data} />
}

function Player({ job, timeline }: { job: Job; timeline: Timeline }) {
  const { t } = useTranslation()
  const { moments } = timeline
  const times = useMemo(() => moments.map(({ time_ms }) => time_ms), [moments])
  const addressOf = useCallback((ahead: number) => pictureUrl(job.id, ahead), [job.id])
  const playback = usePlayback(times, addressOf)
  const { number } = playback
  const moment = moments[number]
  if (!moment) return <Text size="sm">{job.title}</Text>
  const result = job.result as { frames: number; alarms: number; uplinks: number; beside_model_ms_p95: number }
  return (
    <Stack gap="xs">
      <Group align="flex-start" wrap="wrap">
        <div style={{ flex: '1 1 480px', maxWidth: 960 }}>
          <Picture job={job} timeline={timeline} number={number} moment={moment} />
          <PlayBar {...playback} marks={<Marks moments={moments} />} />
        </div>
        <Facts moment={moment} />
      </Group>
      <Text size="sm" c="dimmed">
        {job.title}. {t('fleet.result', { ...result, ms: result.beside_model_ms_p95 })}
      </Text>
    </Stack>
  )
}

interface PictureProps {
  job: Job
  timeline: Timeline
  number: number
  moment: Moment
}

function Picture({ job, timeline: { width, height, moments }, number, moment }: PictureProps) {
  const { t } = useTranslation()
  const sounding = moments
    .slice(0, number + 1)
    .filter(({ time_ms }) => moment.time_ms - time_ms <= WARNS_MS)
    .flatMap(({ alarms }) => alarms)
    .at(-1)
  const closest = moment.boxes.find(({ track }) => track === moment.cipo)
  const size = width / 55
  const named = roomForLabels(moment.boxes, moment.cipo, size, wordsOf)
  const alt = t('fleet.picture', {
    number: number + 1,
    boxes: moment.boxes.length,
    closest: closest?.category ?? t('fleet.nothing'),
  })
  return (
    <div className={classes.stage} style={{ aspectRatio: `${width} / ${height}` }}>
      <img src={pictureUrl(job.id, number)} alt={alt} />
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
        {moment.boxes.map((seen) => (
          <Outline
            key={seen.track}
            seen={seen}
            closest={seen.track === moment.cipo}
            warned={!!sounding}
            size={size}
            named={named.has(seen.track)}
          />
        ))}
      </svg>
      {sounding && <div className={classes.warning}>{alarmName(sounding, t)}</div>}
    </div>
  )
}

const wordsOf = ({ category, gap_m }: SeenBox): string =>
  gap_m === null ? category : `${category} ${gap_m.toFixed(0)} m`

interface OutlineProps {
  seen: SeenBox
  closest: boolean
  warned: boolean
  size: number
  named: boolean
}

function Outline({ seen, closest, warned, size, named }: OutlineProps) {
  const [x, y, width, height] = seen.box
  return (
    <>
      <rect
        className={classes.box}
        x={x}
        y={y}
        width={width}
        height={height}
        data-closest={closest}
        data-warned={closest && warned}
      />
      {named && (
        <text className={classes.label} x={x} y={y - size / 4} fontSize={size}>
          {wordsOf(seen)}
        </text>
      )}
    </>
  )
}

/** Red where an alarm began, blue where a frame went up. */
function Marks({ moments }: { moments: Moment[] }) {
  const { t } = useTranslation()
  const at = (index: number) => `${(100 * index) / Math.max(1, moments.length - 1)}%`
  return (
    <div className={classes.marks} role="img" aria-label={t('fleet.alarmTrack')}>
      {moments.map((moment, index) =>
        moment.alarms.length > 0 || moment.uplink ? (
          <span key={moment.time_ms} style={{ left: at(index) }} data-alarm={moment.alarms.length > 0} />
        ) : null,
      )}
    </div>
  )
}

function Facts({ moment }: { moment: Moment }) {
  const { t } = useTranslation()
  const closest = moment.boxes.find(({ track }) => track === moment.cipo)
  const rows: [string, string][] = [
    [t('fleet.closest'), closest?.category ?? t('fleet.nothing')],
    [t('fleet.gap'), closest?.gap_m ? `${closest.gap_m.toFixed(1)} m` : '–'],
    [t('fleet.ttc'), closest ? (closest.ttc_s === null ? t('fleet.never') : `${closest.ttc_s.toFixed(1)} s`) : '–'],
    [t('fleet.headway'), closest?.headway_s ? closest.headway_s.toFixed(1) : '–'],
    [t('fleet.scene'), sceneOf(moment.scene, t)],
    [t('fleet.doubt'), moment.doubt.toFixed(2)],
    [t('fleet.uplink'), moment.uplink ? reasonOf(moment.uplink.trigger, t) : '–'],
    [t('fleet.beside'), `${moment.beside_model_ms.toFixed(1)} ms`],
  ]
  return (
    <Table w={280} withRowBorders={false} style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th fw={400}>{name}</Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
