/** One thing a person can do at the desk. One file each: keys, help and palette are read from the folder. */

import type { Editor } from '../editor'
import type { Scope } from '../keys/scope'

export type CommandGroup = 'Decide' | 'Move' | 'Draw and edit' | 'View' | 'Desk' | 'Grid' | 'Tracks'

export interface Invocation {
  /** The chord that called, or null from a button or the palette. Of a directed command: the direction, as `keys` names it. */
  readonly chord: string | null
  /** The category whose hotkey called; null otherwise. */
  readonly category: number | null
}

export interface Command {
  readonly id: string
  readonly title: string
  readonly group: CommandGroup
  /** Chords as `chord.ts` writes them: "x", "Shift+Enter", "Mod+z". The first is the one that is shown. */
  readonly keys: readonly string[]
  /** Each of `keys` means something of its own (a direction): a person sets them one by one. */
  readonly directed?: boolean
  /** Where its keys act; on the desk when nothing is said. The innermost scope has the key. */
  readonly scope?: Scope
  /** Another mode where its keys do the same. */
  readonly also?: readonly Scope[]
  /** Bound to every category's hotkey, with this prefix. */
  readonly categoryKeys?: '' | 'Shift+' | 'Alt+'
  /** A decision: a key that repeats or bounces must not decide twice. */
  readonly decides?: boolean
  /** Means nothing without its key: held keys and arrows. The palette leaves it out. */
  readonly byKeyOnly?: boolean
  /** A short name in the row of hints under the stage. */
  readonly hint?: string
  when?(editor: Editor): boolean
  run(editor: Editor, invocation: Invocation): void
  /** For keys that act while they are held. */
  release?(editor: Editor): void
}

export const CALLED_BY_HAND: Invocation = { chord: null, category: null }
