/** The track's crops over its frames: what waits, what is doubtful, where it has no box, which frames are keys. */

import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { TrackFrame } from '../../../api/types'
import type { Box } from '../../../editor/math/box'
import { isGone, isOpen, type LabelCategory } from '../../../editor/scene/label'
import { told } from '../../../i18n/told'
import { CropPicture } from '../grid/CropPicture'
import type { DeskApi } from '../session/deskApi'
import { boxOn } from './film'
import type { TrackSession } from './TrackSession'
import classes from './track.module.css'

/** From here on a label is more likely wrong than right. */
const DOUBTFUL = 0.5

interface FilmStripProps {
  readonly session: TrackSession
  readonly api: DeskApi
  readonly categories: readonly LabelCategory[]
}

export function FilmStrip({ session, api, categories }: FilmStripProps) {
  const { t } = useTranslation()
  const { film, at, keys } = useStore(session.store)
  const strip = useRef<HTMLOListElement>(null)
  useEffect(() => {
    // In braces: newer browsers return a promise, which React would take for a clean-up.
    strip.current?.children[at]?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [at])
  if (!film) return null
  return (
    <ol ref={strip} className={classes.strip} aria-label={t('track.film', { count: film.frames.length })}>
      {film.frames.map((frame, place) => {
        const shape = session.shapeOn(frame)
        return (
          <li key={frame.id} aria-current={place === at}>
            <Cell
              frame={frame}
              shape={shape}
              isKey={keys.has(frame.id)}
              api={api}
              categories={categories}
              choose={() => session.go(place)}
            />
          </li>
        )
      })}
    </ol>
  )
}

interface CellProps {
  readonly frame: TrackFrame
  readonly shape: Box | null
  readonly isKey: boolean
  readonly api: DeskApi
  readonly categories: readonly LabelCategory[]
  choose(): void
}

function Cell({ frame, shape, isKey, api, categories, choose }: CellProps) {
  const { t } = useTranslation()
  const box = boxOn(frame)
  const category = categories.find(({ id }) => id === box?.category)
  const { x, y, width, height } = shape ?? { x: 0, y: 0, width: frame.width, height: frame.height }
  const cut = useMemo(
    () => ({ box: { x, y, width, height }, frame: { id: frame.id, width: frame.width, height: frame.height } }),
    [x, y, width, height, frame.id, frame.width, frame.height],
  )
  const state = box ? t(`grid.state.${box.state}`) : t('track.gap')
  const risk = box && isOpen(box) && box.risk !== null ? box.risk : null
  const shown = [
    isKey ? 'K' : '',
    frame.held_by ? '🔒' : '',
    box && isOpen(box) ? (category?.name ?? '–') : state,
    risk === null ? '' : risk.toFixed(2),
  ]
  // What is seen begins the name, as who speaks to the page would say it.
  const label = [
    shown.filter(Boolean).join(' '),
    frame.name,
    state,
    risk === null ? '' : t('grid.risk', { percent: Math.round(risk * 100) }),
    isKey ? t('track.keyFrame') : '',
    frame.held_by ? t('grid.lent', { name: frame.held_by }) : '',
  ]
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.cell}
      data-state={box?.state ?? 'gap'}
      data-doubtful={risk !== null && risk >= DOUBTFUL}
      data-key={isKey}
      aria-label={label.filter(Boolean).join(', ')}
      title={frame.held_by ? t('grid.lent', { name: frame.held_by }) : box?.signals[0] && told(box.signals[0].sentence)}
      onMouseDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <CropPicture crop={cut} api={api} colour={category?.colour ?? '#c8ccd4'} ghost={box === null || isGone(box)} />
      <span>
        {isKey && <b>K</b>} {shown[1]} {shown[2]} <i>{shown[3]}</i>
      </span>
    </button>
  )
}
