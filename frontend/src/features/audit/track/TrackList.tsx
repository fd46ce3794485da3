/** The drive's tracks that wait, riskiest first; a click opens one. */

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { LabelCategory } from '../../../editor/scene/label'
import type { TrackSession } from './TrackSession'
import classes from './track.module.css'

export function TrackList({ session, categories }: { session: TrackSession; categories: readonly LabelCategory[] }) {
  const { t } = useTranslation()
  const { tracks, film } = useStore(session.store)
  const list = useRef<HTMLOListElement>(null)
  const at = tracks.findIndex(({ id }) => id === film?.id)
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <nav aria-label={t('track.tracks')} className={classes.list}>
      <ol ref={list}>
        {tracks.map((track) => {
          const open = session.openOf(track)
          const name = categories.find(({ id }) => id === track.category)?.name ?? '–'
          return (
            <li key={track.id}>
              <button
                type="button"
                aria-current={track.id === film?.id}
                data-settled={open === 0}
                onClick={() => void session.open(track.id)}
              >
                <span>
                  {name} {track.number}
                </span>
                <span>{open === 0 ? t('audit.done') : t('track.open', { count: open })}</span>
                <span>{track.priority.toFixed(2)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
