/** The keys of track mode, the person's own. They act while its stage has the focus, so a single character never acts elsewhere. */

import { arrowOf, chordOf, isSingleKey, type KeyPress } from '../../../editor/commands/chord'
import { CALLED_BY_HAND } from '../../../editor/commands/command'
import { commandOf } from '../../../editor/commands/registry'
import type { BounceGuard } from '../../../editor/keys/bounce'
import { chordsOf, type Keyed, type OwnKeys, withCategoryKey } from '../../../editor/keys/ownKeys'
import {
  TRACK_FRAME,
  TRACK_KEY,
  TRACK_MERGE,
  TRACK_SPLIT,
  TRACK_STEP,
  TRACK_TO_KEY,
} from '../../../editor/keys/trackKeys'
import type { TrackSession } from './TrackSession'

export interface TrackKeys {
  readonly session: TrackSession
  readonly own: OwnKeys
  /** Category id -> its key. */
  readonly hotkeys: ReadonlyMap<number, string>
  readonly guard: BounceGuard
  chooseMerge(): void
}

/** What a key did, for the page to say; null when it means nothing here. */
export type Deed =
  | { readonly kind: 'moved' | 'undone' | 'earlier' | 'redone' | 'nothing' | 'split' | 'choosing' | 'key' | 'editing' }
  | { readonly kind: 'accepted' | 'rejected' | 'relabelled'; readonly count: number }

const NOTHING: Deed = { kind: 'nothing' }

/** A held or bouncing key moves on, but decides once. */
export function pressed(
  press: KeyPress & { readonly repeat?: boolean; readonly timeStamp: number },
  keys: TrackKeys,
): Deed | null {
  const chord = chordOf(press)
  const { session, own, guard } = keys
  const bounced = guard.bounced(chord, press)
  if (!own.singleKeys && isSingleKey(chord)) return null
  session.editor.stopwatch.input()
  if (edited(chord, keys)) return { kind: 'editing' }
  if (moved(chord, keys)) return { kind: 'moved' }
  const deed = decision(chord, keys)
  return deed && bounced ? NOTHING : (deed?.() ?? null)
}

function decision(chord: string, keys: TrackKeys): (() => Deed) | null {
  const { session, own } = keys
  const called = (command: Keyed): boolean => calls(command, chord, own)
  if (called(commandOf('accept'))) return () => counted('accepted', session.accept())
  if (called(commandOf('reject'))) return () => counted('rejected', session.reject())
  if (called(TRACK_KEY)) return () => (session.toggleKey() ? { kind: 'key' } : NOTHING)
  if (called(TRACK_SPLIT)) return () => (session.split() ? { kind: 'split' } : NOTHING)
  if (called(TRACK_MERGE)) return () => choosing(keys)
  if (called(commandOf('undo'))) return () => ({ kind: session.undo() ? 'undone' : 'earlier' })
  if (called(commandOf('redo'))) return () => (session.redo() ? { kind: 'redone' } : NOTHING)
  return relabelling(chord, keys)
}

function relabelling(chord: string, { session, own, hotkeys }: TrackKeys): (() => Deed) | null {
  const patterns = chordsOf(commandOf('relabel'), own)
  const meant = [...hotkeys].find(([, key]) => patterns.some((pattern) => withCategoryKey(pattern, key) === chord))
  return meant ? () => counted('relabelled', session.relabel(meant[0])) : null
}

function moved(chord: string, { session, own }: TrackKeys): boolean {
  const { at } = session.store.getState()
  const frame = meaning(TRACK_FRAME, chord, own)
  const step = meaning(TRACK_STEP, chord, own)
  const key = meaning(TRACK_TO_KEY, chord, own)
  if (frame) session.go({ Home: 0, End: Number.MAX_SAFE_INTEGER }[frame] ?? at + arrowOf(frame)[0])
  else if (calls(commandOf('next-frame'), chord, own)) session.go(at + 1)
  else if (calls(commandOf('previous-frame'), chord, own)) session.go(at - 1)
  else if (key) session.goToKey(key === ']' ? 1 : -1)
  else if (step) session.step(step === 'ArrowDown' ? 1 : -1)
  else if (calls(commandOf('skip-frame'), chord, own)) session.step(1)
  else return false
  return true
}

/** As at the desk: one key begins and ends it, Escape ends it; between the two the keys that move a box have it. */
function edited(chord: string, { session: { editor }, own }: TrackKeys): boolean {
  const { editing } = editor.state
  const toggles = calls(commandOf('edit-box'), chord, own)
  if (toggles || (editing && calls(commandOf('cancel'), chord, own))) {
    editor.commitDraft()
    editor.set({ editing: toggles && !editing })
    return true
  }
  for (const command of editing ? [commandOf('nudge'), commandOf('stretch')] : []) {
    const direction = meaning(command, chord, own)
    if (!direction) continue
    if (command.when?.(editor) ?? true) command.run(editor, { ...CALLED_BY_HAND, chord: direction })
    return true
  }
  return false
}

const calls = (command: Keyed, chord: string, own: OwnKeys): boolean =>
  chord !== '' && chordsOf(command, own).includes(chord)

/** Of a directed command: the direction that the chord stands for. */
const meaning = (command: Keyed, chord: string, own: OwnKeys): string | undefined =>
  chord === '' ? undefined : command.keys[chordsOf(command, own).indexOf(chord)]

const counted = (kind: 'accepted' | 'rejected' | 'relabelled', count: number): Deed =>
  count > 0 ? { kind, count } : NOTHING

function choosing({ chooseMerge }: TrackKeys): Deed {
  chooseMerge()
  return { kind: 'choosing' }
}
