/** The keys of the grid. They act while the grid has the focus, so a single character never acts elsewhere. */

import type { Crop } from '../../../api/types'
import { arrowOf, chordOf, type KeyPress } from '../../../editor/commands/chord'
import type { GridSession } from './GridSession'

export interface GridKeys {
  readonly session: GridSession
  /** Cells in a row, as the page is wide now. */
  readonly columns: number
  /** Category hotkey -> id. */
  readonly hotkeys: ReadonlyMap<string, number>
  /** Off: keys of a single character do nothing (WCAG 2.1.4). */
  readonly singleKeys: boolean
}

/** What a key did, for the page to say; null when it means nothing here. */
export type Deed =
  | { readonly kind: 'moved' | 'retried' | 'yielded' | 'undone' | 'nothing' }
  | { readonly kind: 'accepted' | 'rejected'; readonly count: number }
  | { readonly kind: 'relabelled'; readonly category: number }

const NOTHING: Deed = { kind: 'nothing' }

/** A held key moves on, but decides once. */
export function pressed(press: KeyPress & { readonly repeat?: boolean }, keys: GridKeys): Deed | null {
  const chord = chordOf(press)
  const { session } = keys
  if (moved(chord, keys)) return { kind: 'moved' }
  if (chord === 'Mod+z') return session.undo() ? { kind: 'undone' } : NOTHING
  const { crops, at } = session.store.getState()
  const crop = crops[at]
  if (!crop) return null
  const deed = decision(chord, crop, keys)
  return deed && press.repeat ? NOTHING : (deed?.() ?? null)
}

function decision(chord: string, crop: Crop, { session, hotkeys, singleKeys }: GridKeys): (() => Deed) | null {
  if (chord === 'Shift+Enter') return () => counted('accepted', session.acceptRest())
  if (chord === 'Enter') return () => onward(session, counted('accepted', session.accept(crop)))
  if (chord === 'Delete' || chord === 'Backspace')
    return () => onward(session, counted('rejected', session.reject(crop)))
  if (chord === 'Mod+Enter') return () => settled(session, crop, 'mine')
  if (chord === 'Mod+Backspace') return () => settled(session, crop, 'theirs')
  if (!singleKeys) return null
  if (chord === 'x') return () => onward(session, counted('rejected', session.reject(crop)))
  const category = hotkeys.get(chord)
  if (category === undefined) return null
  return () => {
    session.relabel(crop, category)
    return onward(session, { kind: 'relabelled', category })
  }
}

function moved(chord: string, { session, columns }: GridKeys): boolean {
  const { at, crops } = session.store.getState()
  const [x, y] = chord.startsWith('Arrow') ? arrowOf(chord) : [0, 0]
  const target = { Home: 0, End: crops.length - 1 }[chord] ?? at + x + y * columns
  if (x === 0 && y === 0 && chord !== 'Home' && chord !== 'End') return false
  if (target >= 0 && target < crops.length) session.select(target)
  return true
}

const counted = (kind: 'accepted' | 'rejected', count: number): Deed => (count > 0 ? { kind, count } : NOTHING)

function settled(session: GridSession, crop: Crop, choice: 'mine' | 'theirs'): Deed {
  if (!session.conflictOf(crop)) return NOTHING
  void session.settle(crop.frame.id, choice)
  return { kind: choice === 'mine' ? 'retried' : 'yielded' }
}

function onward(session: GridSession, deed: Deed): Deed {
  session.select(session.store.getState().at + 1)
  return deed
}
