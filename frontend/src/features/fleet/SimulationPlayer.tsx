/** What the driver would have seen, on a timeline: Space plays, the arrows step. */
import { Button, Group, Skeleton, Slider, Stack, Table, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatClipTime } from '../../ui/format'
import { alarmName } from './alarmName'
import classes from './fleet.module.css'
import { pictureUrl, timelineQuery } from './queries'
import { sceneOf } from './scenes'
import { reasonOf } from './triggers'
import type { Moment, SeenBox, Timeline } from './types'

const WARNS_MS = 1500
const AHEAD = 6 // pictures that are fetched before they are shown

export function SimulationPlayer({ job }: { job: Job }) {
  const timeline = useQuery(timelineQuery(job.id))
  if (timeline.isError) return <ErrorNote error={timeline.error} retry={() => void timeline.refetch()} />
  if (timeline.isPending) return <Skeleton h={420} />
  return <Player job={job} timeline={timeline.data} />
}

function Player({ job, timeline }: { job: Job; timeline: Timeline }) {
  const { t } = useTranslation()
  const { moments } = timeline
  const [number, setNumber] = useState(0)
  const [playing, setPlaying] = useState(false)
  const last = moments.length - 1
  const moment = moments[number]
  useEffect(() => {
    if (!playing) return
    const next = moments[number + 1]
    if (!next || !moment) return setPlaying(false)
    const timer = setTimeout(() => setNumber(number + 1), Math.min(1000, next.time_ms - moment.time_ms))
    return () => clearTimeout(timer)
  }, [playing, number, moments, moment])
  useEffect(() => {
    for (let ahead = number + 1; ahead <= Math.min(last, number + AHEAD); ahead++)
      new Image().src = pictureUrl(job.id, ahead)
  }, [job.id, number, last])
  const step = (by: number) => () => setNumber((now) => Math.max(0, Math.min(last, now + by)))
  const toggle = () => {
    if (number === last) setNumber(0)
    setPlaying(!playing)
  }
  useHotkeys(
    [
      ['Space', toggle],
      ['ArrowLeft', step(-1)],
      ['ArrowRight', step(1)],
    ],
    ['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON'],
  )
  if (!moment) return <Text size="sm">{job.title}</Text>
  const result = job.result as { frames: number; alarms: number; uplinks: number; beside_model_ms_p95: number }
  return (
    <Stack gap="xs">
      <Group align="flex-start" wrap="wrap">
        <div style={{ flex: '1 1 480px', maxWidth: 960 }}>
          <Picture job={job} timeline={timeline} number={number} moment={moment} />
          <Marks moments={moments} />
          <Group wrap="nowrap">
            <Button
              variant="default"
              onClick={toggle}
              leftSection={playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            >
              {t(playing ? 'fleet.stop' : 'fleet.play')}
            </Button>
            <Slider
              style={{ flex: 1 }}
              min={0}
              max={last}
              value={number}
              onChange={setNumber}
              label={null}
              thumbLabel={t('fleet.moment')}
            />
            <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {formatClipTime(moment.time_ms)}
            </Text>
          </Group>
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
            size={width / 55}
          />
        ))}
      </svg>
      {sounding && <div className={classes.warning}>{alarmName(sounding, t)}</div>}
    </div>
  )
}

function Outline({ seen, closest, warned, size }: { seen: SeenBox; closest: boolean; warned: boolean; size: number }) {
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
      <text className={classes.label} x={x} y={y - size / 4} fontSize={size}>
        {[seen.category, seen.gap_m !== null && `${seen.gap_m.toFixed(0)} m`].filter(Boolean).join(' ')}
      </text>
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
