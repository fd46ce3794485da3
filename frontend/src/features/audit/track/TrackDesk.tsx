/** One track: its list at the left, the frame in the middle, the film below. One stop for Tab takes the keys. */

import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { spoken } from '../../../editor/commands/chord'
import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { BounceGuard } from '../../../editor/keys/bounce'
import { Stage } from '../../../editor/stage'
import { useOwnKeys } from '../keys/useKeys'
import type { DeskApi } from '../session/deskApi'
import { FilmStrip } from './FilmStrip'
import { type Deed, pressed } from './keys'
import { MergeDialog } from './MergeDialog'
import { TrackHints } from './TrackHints'
import { TrackList } from './TrackList'
import type { TrackSession } from './TrackSession'
import classes from './track.module.css'
import { useUndo } from './useUndo'

export function TrackDesk({ session, api }: { session: TrackSession; api: DeskApi }) {
  const { t } = useTranslation()
  const root = useRef<HTMLDivElement>(null)
  const [merging, setMerging] = useState(false)
  const { film, trouble, said } = useStore(session.store)
  const categories = session.taxonomy
  const own = useOwnKeys()
  const hotkeys = useMemo(() => categoryHotkeys(categories, own), [categories, own])
  const [guard] = useState(() => new BounceGuard())
  useEffect(() => root.current?.focus({ preventScroll: true }), [])
  const undo = useUndo(session)
  const say = (deed: Deed): void => {
    if (deed.kind === 'earlier') undo()
    else if (deed.kind === 'moved') session.say('')
    else session.say(t(`track.said.${deed.kind}`, { count: 'count' in deed ? deed.count : 0 }))
  }
  const keyDown = (event: KeyboardEvent): void => {
    const chooseMerge = (): void => setMerging(true)
    const deed = pressed(event.nativeEvent, { session, own, hotkeys, guard, chooseMerge })
    if (!deed) return
    event.preventDefault()
    say(deed)
  }
  const name = categories.find(({ id }) => id === film?.category)?.name ?? ''
  return (
    <div className={classes.desk}>
      <TrackList session={session} categories={categories} />
      <div
        ref={root}
        className={classes.work}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the film takes the keys; the list beside it says the same in words.
        tabIndex={0}
        aria-label={t('track.stage', { number: film?.number ?? 0, category: name })}
        data-testid="track"
        data-track={film?.id}
        onKeyDown={keyDown}
      >
        <TrackStage session={session} />
        <FilmStrip session={session} api={api} categories={categories} />
        <p className={classes.said} aria-live="polite" data-testid="said">
          {trouble ? <span role="alert">{t('track.refused', { reason: trouble })}</span> : said}
        </p>
        <p className={classes.categories}>
          {categories.map(({ id, name: label, colour }) => (
            <span key={id}>
              <kbd>{spoken(hotkeys.get(id) ?? '')}</kbd> <i style={{ background: colour }} /> {label}
            </span>
          ))}
        </p>
      </div>
      <TrackHints categories={categories} />
      <MergeDialog
        session={session}
        categories={categories}
        opened={merging}
        close={() => {
          setMerging(false)
          root.current?.focus({ preventScroll: true })
        }}
      />
    </div>
  )
}

function TrackStage({ session }: { session: TrackSession }) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!host.current) return
    const stage = new Stage(session.editor, host.current, { keys: false })
    return () => stage.close()
  }, [session])
  return <div ref={host} className={classes.stage} data-testid="track-stage" />
}
