/** The keys of track mode. They act while its stage has the focus, so a single character never acts elsewhere. */

import { arrowOf, chordOf, isSingleKey, type KeyPress } from '../../../editor/commands/chord'
import { CALLED_BY_HAND } from '../../../editor/commands/command'
import { commandOf } from '../../../editor/commands/registry'
import type { TrackSession } from './TrackSession'

export interface TrackKeys {
  readonly session: TrackSession
  /** Category hotkey -> id. */
  readonly hotkeys: ReadonlyMap<string, number>
  /** Off: keys of a single character do nothing (WCAG 2.1.4). */
  readonly singleKeys: boolean
  chooseMerge(): void
}

/** What a key did, for the page to say; null when it means nothing here. */
export type Deed =
  | { readonly kind: 'moved' | 'undone' | 'redone' | 'nothing' | 'split' | 'choosing' | 'key' | 'editing' }
  | { readonly kind: 'accepted' | 'rejected' | 'relabelled'; readonly count: number }

const NOTHING: Deed = { kind: 'nothing' }

const MOVES: Readonly<Record<string, (session: TrackSession) => void>> = {
  ArrowLeft: (session) => session.go(session.store.getState().at - 1),
  ArrowRight: (session) => session.go(session.store.getState().at + 1),
  d: (session) => session.go(session.store.getState().at - 1),
  f: (session) => session.go(session.store.getState().at + 1),
  Home: (session) => session.go(0),
  End: (session) => session.go(Number.MAX_SAFE_INTEGER),
  '[': (session) => session.goToKey(-1),
  ']': (session) => session.goToKey(1),
  ArrowDown: (session) => session.step(1),
  ArrowUp: (session) => session.step(-1),
  s: (session) => session.step(1),
}

/** A held key moves on, but decides once. */
export function pressed(press: KeyPress & { readonly repeat?: boolean }, keys: TrackKeys): Deed | null {
  const chord = chordOf(press)
  if (!keys.singleKeys && isSingleKey(chord)) return null
  const { session } = keys
  session.editor.stopwatch.input()
  if (edited(chord, session)) return { kind: 'editing' }
  const move = MOVES[chord]
  if (move) {
    move(session)
    return { kind: 'moved' }
  }
  const deed = decision(chord, keys)
  return deed && press.repeat ? NOTHING : (deed?.() ?? null)
}

function decision(chord: string, { session, hotkeys, chooseMerge }: TrackKeys): (() => Deed) | null {
  const category = hotkeys.get(chord)
  if (category !== undefined) return () => counted('relabelled', session.relabel(category))
  switch (chord) {
    case 'Enter':
      return () => counted('accepted', session.accept())
    case 'x':
    case 'Delete':
    case 'Backspace':
      return () => counted('rejected', session.reject())
    case 'k':
      return () => (session.toggleKey() ? { kind: 'key' } : NOTHING)
    case 'Alt+m':
      return () => (session.split() ? { kind: 'split' } : NOTHING)
    case 'm':
      return () => {
        chooseMerge()
        return { kind: 'choosing' }
      }
    case 'Mod+z':
      return () => (session.undo() ? { kind: 'undone' } : NOTHING)
    case 'Mod+Shift+z':
    case 'Mod+y':
      return () => (session.redo() ? { kind: 'redone' } : NOTHING)
    default:
      return null
  }
}

/** E begins to edit; then arrows move the box and Alt+arrows its right and bottom edges, as at the desk. Escape and E end it. */
function edited(chord: string, { editor }: TrackSession): boolean {
  if (chord === 'e' || (chord === 'Escape' && editor.state.editing)) {
    editor.commitDraft()
    editor.set({ editing: chord === 'e' && !editor.state.editing })
    return true
  }
  const [x, y] = arrowOf(chord)
  if (!editor.state.editing || (x === 0 && y === 0)) return false
  const command = commandOf(chord.startsWith('Alt') ? 'stretch' : 'nudge')
  if (command.when?.(editor) ?? true) command.run(editor, { ...CALLED_BY_HAND, chord })
  return true
}

const counted = (kind: 'accepted' | 'rejected' | 'relabelled', count: number): Deed =>
  count > 0 ? { kind, count } : NOTHING
