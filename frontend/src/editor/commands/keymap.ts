/** From a chord to a command: bindings are read from the commands and from the taxonomy's hotkeys. */

import type { Editor } from '../editor'
import { chordOf, isSingleKey, type KeyPress } from './chord'
import type { Command } from './command'
import { categoryHotkeys } from './hotkeys'
import { COMMANDS } from './registry'

export interface Binding {
  readonly chord: string
  readonly command: Command
  readonly category: number | null
}

/** Presses of one deciding key closer than this are one press of a bouncing key. */
const BOUNCE_MS = 120

export function bindingsOf(hotkeys: ReadonlyMap<number, string>): Binding[] {
  const fixed = COMMANDS.flatMap((command) => command.keys.map((chord) => ({ chord, command, category: null })))
  const byCategory = COMMANDS.flatMap((command) =>
    command.categoryKeys === undefined
      ? []
      : [...hotkeys].map(([category, key]) => ({ chord: `${command.categoryKeys}${key}`, command, category })),
  )
  return [...fixed, ...byCategory]
}

export class Keymap {
  private readonly editor: Editor
  private bindings: readonly Binding[] = []
  private categories: unknown = null
  private held: Command | null = null
  private last = { chord: '', at: Number.NEGATIVE_INFINITY }

  constructor(editor: Editor) {
    this.editor = editor
  }

  /** Run what the key stands for now; false leaves the key to the browser. */
  press(press: KeyPress & { readonly repeat: boolean; readonly timeStamp: number }): boolean {
    const chord = chordOf(press)
    const binding = this.find(chord)
    if (!binding) return false
    const bounced = press.repeat || (this.last.chord === chord && press.timeStamp - this.last.at < BOUNCE_MS)
    this.last = { chord, at: press.timeStamp }
    if (binding.command.decides && bounced) return true
    this.editor.inputAt = press.timeStamp
    this.editor.stopwatch.input()
    if (binding.command.release) this.held = binding.command
    binding.command.run(this.editor, { chord, category: binding.category })
    this.editor.inputAt = 0
    return true
  }

  /** A key went up: whatever was held ends. */
  release(): void {
    this.held?.release?.(this.editor)
    this.held = null
  }

  private find(chord: string): Binding | undefined {
    const { categories, preferences } = this.editor.state
    if (categories !== this.categories) this.bindings = bindingsOf(categoryHotkeys(categories))
    this.categories = categories
    if (!preferences.singleKeys && isSingleKey(chord)) return undefined
    return this.bindings.find((one) => one.chord === chord && (one.command.when?.(this.editor) ?? true))
  }
}
