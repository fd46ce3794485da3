/** Frames that belong together, the oldest first: key frames by the dozen, or a clip, which can be played. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiUrl } from '../../api/client'
import { formatDate } from '../../ui/format'
import { thumbnailUrl } from '../footage/queries'
import classes from './fleet.module.css'
import { PlayBar, usePlayback } from './playback'
import type { Uplink } from './types'
import { When } from './When'

interface Picture {
  frame: number
  at: string
}

/** `uplinks`: the newest first, one or more. */
export function FrameStrip({ uplinks }: { uplinks: Uplink[] }) {
  const { t } = useTranslation()
  const [playing, setPlaying] = useState(false)
  const pictures = useMemo(
    () => uplinks.toReversed().flatMap(({ frame, at }) => (frame === null ? [] : [{ frame, at }])),
    [uplinks],
  )
  const [first, last] = [pictures[0], pictures.at(-1)]
  if (!first || !last) return null
  const clip = uplinks[0]?.trigger === 'clip'
  const seconds = ((Date.parse(last.at) - Date.parse(first.at)) / 1000).toFixed(0)
  const name = t(clip ? 'fleet.clipOf' : 'fleet.keyFrames', { count: pictures.length, seconds })
  const strip = `${name}, ${new Date(last.at).toLocaleTimeString('en-GB')}`
  return (
    <div className={classes.row}>
      <When at={last.at} />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {clip && (
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => setPlaying(true)}
            >
              {t('fleet.playClip')}
            </Button>
          )}
        </Group>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a strip that scrolls must be reachable by keyboard */}
        <section className={classes.frames} aria-label={strip} tabIndex={0}>
          {pictures.map(({ frame, at }) => (
            <Link key={frame} to="/audit/desk" search={{ frame }} preload={false} className={classes.evidence}>
              <img src={thumbnailUrl(frame)} alt={formatDate(at)} loading="lazy" />
            </Link>
          ))}
        </section>
      </div>
      <Modal opened={playing} onClose={() => setPlaying(false)} title={strip} size={960}>
        <ClipPlayer pictures={pictures} />
      </Modal>
    </div>
  )
}

function ClipPlayer({ pictures }: { pictures: Picture[] }) {
  const times = useMemo(() => {
    const at = pictures.map((one) => Date.parse(one.at))
    return at.map((ms) => ms - (at[0] ?? ms))
  }, [pictures])
  const addressOf = useCallback((number: number) => imageUrl(pictures[number]), [pictures])
  const playback = usePlayback(times, addressOf)
  const shown = pictures[playback.number]
  return (
    <Stack gap="xs">
      <div className={classes.stage} style={{ aspectRatio: '16 / 9' }}>
        <img src={imageUrl(shown)} alt={shown ? formatDate(shown.at) : ''} style={{ objectFit: 'contain' }} />
      </div>
      <PlayBar {...playback} />
    </Stack>
  )
}

const imageUrl = (picture?: Picture) => (picture ? apiUrl(`/frames/${picture.frame}/image`) : '')
