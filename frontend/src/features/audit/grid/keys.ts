/** The keys of the grid, the person's own. They act while the grid has the focus, so a single character never acts elsewhere. */

import type { Crop } from '../../../api/types'
import { arrowOf, chordOf, isSingleKey, type KeyPress } from '../../../editor/commands/chord'
import { commandOf } from '../../../editor/commands/registry'
import type { BounceGuard } from '../../../editor/keys/bounce'
import { GRID_MINE, GRID_MOVE, GRID_THEIRS } from '../../../editor/keys/gridKeys'
import { chordsOf, type Keyed, type OwnKeys, withCategoryKey } from '../../../editor/keys/ownKeys'
import type { GridSession } from './GridSession'

export interface GridKeys {
  readonly session: GridSession
  /** Cells in a row, as the page is wide now. */
  readonly columns: number
  readonly own: OwnKeys
  /** Category id -> its key. */
  readonly hotkeys: ReadonlyMap<number, string>
  readonly guard: BounceGuard
  /** The key for all the rest was pressed last, and asked: pressed again, it acts. Kept by the page from one key to the next. */
  readonly asked: { current: boolean }
}

/** What a key did, for the page to say; null when it means nothing here. */
export type Deed =
  | { readonly kind: 'moved' | 'retried' | 'yielded' | 'undone' | 'nothing' }
  /** To be undone by what the server remembers. */
  | { readonly kind: 'earlier' }
  | { readonly kind: 'accepted' | 'rejected' | 'asking'; readonly count: number }
  | { readonly kind: 'relabelled'; readonly category: number }

/** Held for the key that follows: alone they answer no question. */
const MODIFIER = /^(Shift|Control|Alt|Meta)$/

const NOTHING: Deed = { kind: 'nothing' }

/** A held key moves on, but decides once. */
export function pressed(
  press: KeyPress & { readonly repeat?: boolean; readonly timeStamp: number },
  keys: GridKeys,
): Deed | null {
  const chord = chordOf(press)
  const { session, own, guard, asked } = keys
  const bounced = guard.bounced(chord, press)
  const confirms = asked.current
  if (!bounced && !MODIFIER.test(press.key)) asked.current = false
  if (!own.singleKeys && isSingleKey(chord)) return null
  if (moved(chord, keys)) return { kind: 'moved' }
  if (calls(commandOf('undo'), chord, own)) return session.undo() ? { kind: 'undone' } : { kind: 'earlier' }
  const { crops, at } = session.store.getState()
  const crop = crops[at]
  if (!crop) return null
  const deed = settlement(chord, crop, keys) ?? decision(chord, crop, keys, confirms) ?? relabelling(chord, crop, keys)
  return deed && bounced ? NOTHING : (deed?.() ?? null)
}

/** Only a crop in conflict has these keys; on any other they may mean something else. */
function settlement(chord: string, crop: Crop, { session, own }: GridKeys): (() => Deed) | null {
  if (!session.conflictOf(crop)) return null
  if (calls(GRID_MINE, chord, own)) return () => settled(session, crop, 'mine')
  if (calls(GRID_THEIRS, chord, own)) return () => settled(session, crop, 'theirs')
  return null
}

function decision(chord: string, crop: Crop, keys: GridKeys, confirms: boolean): (() => Deed) | null {
  const { session, own } = keys
  if (calls(commandOf('accept-rest'), chord, own)) return () => acceptRest(keys, confirms)
  if (calls(commandOf('accept'), chord, own)) return () => onward(session, counted('accepted', session.accept(crop)))
  if (calls(commandOf('reject'), chord, own)) return () => onward(session, counted('rejected', session.reject(crop)))
  return null
}

/** Candidates are mostly no objects, and most of them are below the window's edge: who accepts them all says so twice. */
function acceptRest({ session, asked }: GridKeys, confirms: boolean): Deed {
  const rest = session.rest()
  asked.current = !confirms && rest.some((crop) => session.boxOf(crop).state === 'missed_candidate')
  return asked.current ? { kind: 'asking', count: rest.length } : counted('accepted', session.acceptRest())
}

function relabelling(chord: string, crop: Crop, { session, own, hotkeys }: GridKeys): (() => Deed) | null {
  const patterns = chordsOf(commandOf('relabel'), own)
  const meant = [...hotkeys].find(([, key]) => patterns.some((pattern) => withCategoryKey(pattern, key) === chord))
  if (!meant) return null
  const [category] = meant
  return () => {
    session.relabel(crop, category)
    return onward(session, { kind: 'relabelled', category })
  }
}

function moved(chord: string, { session, columns, own }: GridKeys): boolean {
  const direction = chord && GRID_MOVE.keys[chordsOf(GRID_MOVE, own).indexOf(chord)]
  if (!direction) return false
  const { at, crops } = session.store.getState()
  const [x, y] = arrowOf(direction)
  const target = { Home: 0, End: crops.length - 1 }[direction] ?? at + x + y * columns
  if (target >= 0 && target < crops.length) session.select(target)
  return true
}

const calls = (command: Keyed, chord: string, own: OwnKeys): boolean => chordsOf(command, own).includes(chord)

const counted = (kind: 'accepted' | 'rejected', count: number): Deed => (count > 0 ? { kind, count } : NOTHING)

function settled(session: GridSession, crop: Crop, choice: 'mine' | 'theirs'): Deed {
  void session.settle(crop.frame.id, choice)
  return { kind: choice === 'mine' ? 'retried' : 'yielded' }
}

function onward(session: GridSession, deed: Deed): Deed {
  session.select(session.store.getState().at + 1)
  return deed
}
