/** Pictures with their times, played: Space plays, the arrows step. */
import { Button, Group, Slider, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatClipTime } from '../../ui/format'
import classes from './fleet.module.css'

const AHEAD = 6 // pictures that are fetched before they are shown
const LONGEST_MS = 1000 // that a picture stands, however long the next one was in coming

const TYPED_IN = ['INPUT', 'TEXTAREA', 'SELECT']

export interface Playback {
  /** ms of each picture from the first's zero, rising. */
  times: number[]
  number: number
  playing: boolean
  show: (number: number) => void
  toggle: () => void
}

/** `addressOf` names a picture's file, so that the next ones are there in time. */
export function usePlayback(times: number[], addressOf: (number: number) => string): Playback {
  const [number, show] = useState(0)
  const [playing, setPlaying] = useState(false)
  const last = times.length - 1
  useEffect(() => {
    if (!playing) return
    const [now, next] = [times[number], times[number + 1]]
    if (now === undefined || next === undefined) return setPlaying(false)
    const timer = setTimeout(() => show(number + 1), Math.min(LONGEST_MS, next - now))
    return () => clearTimeout(timer)
  }, [playing, number, times])
  useEffect(() => {
    for (let ahead = number + 1; ahead <= Math.min(last, number + AHEAD); ahead++) new Image().src = addressOf(ahead)
  }, [addressOf, number, last])
  const step = (by: number) => (event: KeyboardEvent) => {
    if ((event.target as Element).role !== 'slider') show((now) => Math.max(0, Math.min(last, now + by))) // it steps itself
  }
  const toggle = () => {
    if (number === last) show(0)
    setPlaying(!playing)
  }
  useHotkeys([['Space', toggle]], [...TYPED_IN, 'BUTTON'])
  useHotkeys(
    [
      ['ArrowLeft', step(-1)],
      ['ArrowRight', step(1)],
    ],
    TYPED_IN,
  )
  return { times, number, playing, show, toggle }
}

/** `marks` stand above the slider, from its first picture to its last. */
export function PlayBar({ times, number, playing, show, toggle, marks }: Playback & { marks?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Group wrap="nowrap" align="flex-end">
      <Button
        variant="default"
        miw={170}
        data-autofocus // of a dialog that it stands in
        onClick={toggle}
        leftSection={playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
      >
        {t(playing ? 'fleet.stop' : 'fleet.play')}
      </Button>
      <div className={classes.track}>
        {marks}
        <Slider
          min={0}
          max={times.length - 1}
          value={number}
          onChange={show}
          label={null}
          thumbLabel={t('fleet.moment')}
        />
      </div>
      <Text size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatClipTime(times[number] ?? 0)}
      </Text>
    </Group>
  )
}
