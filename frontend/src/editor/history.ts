/** What can be undone: the whole session's entries, each on its frame. Undo of an undo is redo, so both are one move. */

import type { LabelBox } from './scene/label'
import type { Operation, Step } from './scene/operations'

/** One thing the person did: all its steps are undone together. `selected` is the box to return to. */
export interface HistoryEntry {
  readonly frame: number
  readonly title: string
  readonly selected: string | null
  /** Those that were selected with it. */
  readonly alongside: ReadonlySet<string>
  readonly steps: readonly Step[]
  /** From before a reload: the steps are not known until its frame is there again. */
  readonly recalled?: readonly RecalledOperation[]
}

/** An operation as the server remembers it. */
export interface RecalledOperation {
  readonly id: string
  readonly kind: Operation['kind']
  readonly box: string | null
  readonly before: Partial<LabelBox> | null
  readonly after: Partial<LabelBox> | null
  /** Who else changed the box since. */
  readonly changedBy: string | null
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

  /** What was done before the page was loaded, oldest first: it lies under all that was done since. */
  recall(entries: readonly HistoryEntry[]): void {
    this.done = [...entries, ...this.done]
  }

  /** Its steps are known now; null when it cannot be undone any more. */
  resolve(entry: HistoryEntry, steps: readonly Step[] | null): void {
    const { recalled: _, ...known } = entry
    this.done = this.done.flatMap((one) => (one !== entry ? [one] : steps ? [{ ...known, steps }] : []))
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
