/** One frame in the grid: picture, risk as a bar, open boxes, state. A frame with boxes leads to the desk. */
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { FrameRow } from '../../api/types'
import { formatClipTime } from '../../ui/format'
import { GoldMark } from '../proof/GoldMark'
import proof from '../proof/proof.module.css'
import classes from './footage.module.css'
import { thumbnailUrl } from './queries'
import { STATE_COLOURS } from './states'

export function FrameTile({ frame }: { frame: FrameRow }) {
  if (frame.state === 'new' || frame.state === 'excluded')
    return (
      <div className={classes.frame}>
        <Tile frame={frame} />
      </div>
    )
  return (
    <div className={proof.holder}>
      <Link to="/audit/desk" search={{ drive: frame.drive, frame: frame.id }} preload={false} className={classes.frame}>
        <Tile frame={frame} />
      </Link>
      {frame.state === 'audited' && <GoldMark frame={frame.id} name={frame.name} />}
    </div>
  )
}

function Tile({ frame }: { frame: FrameRow }) {
  const { t } = useTranslation()
  const boxes =
    frame.boxes > 0 ? t('footage.openBoxes', { count: frame.boxes }) : t('counted.boxes', { count: frame.total_boxes })
  return (
    <>
      <img ref={letGo} src={thumbnailUrl(frame.id)} alt={frame.name} decoding="async" />
      <div className={classes.risk} title={t('footage.riskOf', { risk: frame.risk.toFixed(2) })}>
        <span style={{ width: `${frame.risk * 100}%` }} />
      </div>
      <div className={classes.frameText}>
        <span className={classes.frameState}>
          <span className={classes.dot} style={{ background: STATE_COLOURS[frame.state] }} />
          {t(`footage.state.${frame.state}`)}
        </span>
        <span title={formatClipTime(frame.time_ms)}>
          {frame.state === 'new' ? formatClipTime(frame.time_ms) : boxes}
        </span>
      </div>
    </>
  )
}

/** A tile that is scrolled past gives its place in the browser's queue to those in sight; removing an image alone does not. */
function letGo(image: HTMLImageElement): () => void {
  return () => image.removeAttribute('src')
}
