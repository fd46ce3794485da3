/** What can be undone: the whole session's entries, each on its frame. Undo of an undo is redo, so both are one move. */

import type { Step } from './scene/operations'

/** One thing the person did: all its steps are undone together. `selected` is the box to return to. */
export interface HistoryEntry {
  readonly frame: number
  readonly title: string
  readonly selected: string | null
  /** Those that were selected with it. */
  readonly alongside: ReadonlySet<string>
  readonly steps: readonly Step[]
}

export class History {
  private done: HistoryEntry[] = []
  private undone: HistoryEntry[] = []

  get undoable(): HistoryEntry | null {
    return this.done.at(-1) ?? null
  }

  get redoable(): HistoryEntry | null {
    return this.undone.at(-1) ?? null
  }

  /** Something new was done; what had been undone can't come back. */
  push(entry: HistoryEntry): void {
    this.done.push(entry)
    this.undone = []
  }

  /** The newest entry was taken back by `steps`; undoing those is its redo. */
  markUndone(steps: readonly Step[]): void {
    const entry = this.done.pop()
    if (entry) this.undone.push({ ...entry, steps })
  }

  markRedone(steps: readonly Step[]): void {
    const entry = this.undone.pop()
    if (entry) this.done.push({ ...entry, steps })
  }

  /** Forget a frame whose work was given up: its operations never happened. */
  forget(frame: number): void {
    this.done = this.done.filter((entry) => entry.frame !== frame)
    this.undone = this.undone.filter((entry) => entry.frame !== frame)
  }
}
