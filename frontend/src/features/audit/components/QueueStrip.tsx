/** What comes next, riskiest first; a click shows that frame. */

import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { thumbnailUrl } from '../session/deskApi'
import { ahead, type QueuedFrame } from '../session/queue'
import classes from './desk.module.css'
import { useDesk, useSession } from './useDesk'

const SHOWN = 8

export function QueueStrip() {
  const { t } = useTranslation()
  const queue = useSession((state) => state.queue)
  const current = queue.frames.find((frame) => frame.id === queue.current)
  const shown = [...(current ? [current] : []), ...ahead(queue)].slice(0, SHOWN)
  return (
    <nav className={classes.queue} aria-label={t('audit.nextFrames')}>
      <ol>
        {shown.map((frame) => (
          <li key={frame.id}>
            <QueueItem frame={frame} current={frame.id === queue.current} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

interface QueueItemProps {
  frame: QueuedFrame
  current: boolean
}

const QueueItem = memo(function QueueItem({ frame, current }: QueueItemProps) {
  const { t } = useTranslation()
  const desk = useDesk()
  return (
    <button
      type="button"
      className={classes.queued}
      aria-current={current || undefined}
      title={`${frame.driveName}, ${frame.name}`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => desk.open(frame.id)}
    >
      <img src={thumbnailUrl(frame.id)} alt="" loading="lazy" decoding="async" />
      <span>
        <span className={classes.name}>{ending(frame.name)}</span>
        <span title={t('audit.frameRisk')}>{frame.risk.toFixed(2)}</span>
      </span>
    </button>
  )
})

/** Frames of one clip differ at the end of their names. */
const ending = (name: string): string => (name.length > 16 ? `…${name.slice(-15)}` : name)
