/** From a chord to a command: bindings are read from the commands, the person's own keys, and the categories' hotkeys. */

import type { Editor } from '../editor'
import { BounceGuard } from '../keys/bounce'
import { chordsOf, type OwnKeys, withCategoryKey } from '../keys/ownKeys'
import { depthOf, scopeOf } from '../keys/scope'
import { chordOf, isSingleKey, type KeyPress } from './chord'
import type { Command } from './command'
import { categoryHotkeys } from './hotkeys'
import { COMMANDS } from './registry'

export interface Binding {
  readonly chord: string
  readonly command: Command
  readonly category: number | null
  /** What the command is told: of a directed one the direction, whatever key the person has put there. */
  readonly meaning: string
}

/** Innermost scope first: there a key means what it means nowhere else. */
export function bindingsOf(hotkeys: ReadonlyMap<number, string>, own: OwnKeys): Binding[] {
  const bindings = COMMANDS.flatMap((command) => bindingsTo(command, hotkeys, own))
  return bindings.sort((a, b) => depthOf(scopeOf(b.command)) - depthOf(scopeOf(a.command)))
}

function bindingsTo(command: Command, hotkeys: ReadonlyMap<number, string>, own: OwnKeys): Binding[] {
  const chords = chordsOf(command, own)
  if (command.categoryKeys === undefined)
    return chords.map((chord, place) => {
      const meaning = command.directed ? (command.keys[place] ?? chord) : chord
      return { chord, command, category: null, meaning }
    })
  return chords.flatMap((pattern) =>
    [...hotkeys].map(([category, key]) => {
      const chord = withCategoryKey(pattern, key)
      return { chord, command, category, meaning: chord }
    }),
  )
}

export class Keymap {
  private readonly editor: Editor
  private readonly guard = new BounceGuard()
  private bindings: readonly Binding[] = []
  private madeOf: { categories: unknown; keys: unknown } = { categories: null, keys: null }
  private held: Command | null = null

  constructor(editor: Editor) {
    this.editor = editor
  }

  /** Run what the key stands for now; false leaves the key to the browser. */
  press(press: KeyPress & { readonly repeat: boolean; readonly timeStamp: number }): boolean {
    const chord = chordOf(press)
    const binding = this.find(chord)
    if (!binding) return false
    if (this.guard.bounced(chord, press) && binding.command.decides) return true
    this.editor.inputAt = press.timeStamp
    this.editor.stopwatch.input()
    if (binding.command.release) this.held = binding.command
    binding.command.run(this.editor, { chord: binding.meaning, category: binding.category })
    this.editor.inputAt = 0
    return true
  }

  /** A key went up: whatever was held ends. */
  release(): void {
    this.held?.release?.(this.editor)
    this.held = null
  }

  private find(chord: string): Binding | undefined {
    const { categories, keys } = this.editor.state
    if (categories !== this.madeOf.categories || keys !== this.madeOf.keys)
      this.bindings = bindingsOf(categoryHotkeys(categories, keys), keys)
    this.madeOf = { categories, keys }
    if (!keys.singleKeys && isSingleKey(chord)) return undefined
    return this.bindings.find((one) => one.chord === chord && (one.command.when?.(this.editor) ?? true))
  }
}
