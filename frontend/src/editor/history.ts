/**
 * What can be undone: the newest entries, each on its frame. Undo of an undo is redo, so both are one move.
 *
 * The page keeps so many steps and no more, however long the sitting; what lies below them the server remembers.
 */

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
  /** From before a reload, or from the server's memory: the steps are not known until its frame is there again. */
  readonly recalled?: readonly RecalledOperation[]
  /** Common to the entries that one key made on several frames, in the grid or over a film: they are taken back together. */
  readonly gesture?: string
  /** A split or merge of tracks: taken back by one request, not by steps. */
  readonly move?: TrackMove
}

/** A decision about tracks that the server made, and can take back, over all their frames. */
export interface TrackMove {
  readonly id: string
  /** The id that taking it back will have, also when it is asked for again. */
  readonly next: string
  /** The track that the boxes were on. */
  readonly from: number | null
  readonly tracks: readonly number[]
  /** Those on which a box changed its track. */
  readonly frames: readonly number[]
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

/** A step holds its box before and after: so many are about 4 MB. */
const KEPT_STEPS = 2_000

export type Way = 'undo' | 'redo'

export class History {
  private done: HistoryEntry[] = []
  private undone: HistoryEntry[] = []
  /** The oldest operation of the last entry that could not be undone: all after it was undone, or can't be either. */
  private passed: string | null = null

  get undoable(): HistoryEntry | null {
    return this.done.at(-1) ?? null
  }

  get redoable(): HistoryEntry | null {
    return this.undone.at(-1) ?? null
  }

  /** With nothing left here, the server is asked for what was done before this operation; null = for its newest. */
  get before(): string | null {
    return this.passed
  }

  /** The newest entry, to undo or to redo. */
  newest(way: Way): HistoryEntry | null {
    return way === 'undo' ? this.undoable : this.redoable
  }

  /** What is taken back next: one entry, or all that one key made, newest first. */
  together(way: Way): HistoryEntry[] {
    const entries = [...(way === 'undo' ? this.done : this.undone)].reverse()
    const gesture = entries[0]?.gesture
    const others = entries.findIndex((entry) => gesture === undefined || entry.gesture !== gesture)
    return others < 0 ? entries : entries.slice(0, Math.max(others, 1))
  }

  /** What was done earlier, oldest first: it lies under all that was done since. */
  recall(entries: readonly HistoryEntry[]): void {
    this.done = [...entries, ...this.done]
  }

  /** Its steps are known now; null when it cannot be undone any more. */
  resolve(entry: HistoryEntry, steps: readonly Step[] | null): void {
    const { recalled: _, ...known } = entry
    const resolved = (one: HistoryEntry): HistoryEntry[] => (one !== entry ? [one] : steps ? [{ ...known, steps }] : [])
    if (!steps && this.done.includes(entry)) this.passed = firstOperation(entry)
    this.done = this.done.flatMap(resolved)
    this.undone = this.undone.flatMap(resolved)
  }

  /** Something new was done; what had been undone can't come back. */
  push(entry: HistoryEntry): void {
    this.done.push(entry)
    this.undone = []
    this.trim()
  }

  /** The newest entry was taken back by `steps`; undoing those is its redo. */
  markUndone(steps: readonly Step[]): void {
    const entry = this.done.pop()
    if (entry) this.undone.push({ ...entry, steps })
  }

  /** The entry was taken back elsewhere; `moved` is what would take that back. */
  exchange(entry: HistoryEntry, way: Way, moved: HistoryEntry): void {
    this.done = this.done.filter((one) => one !== entry)
    this.undone = this.undone.filter((one) => one !== entry)
    if (way === 'undo') this.undone.push(moved)
    else this.done.push(moved)
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

  /** The newest entry stays, however large. */
  private trim(): void {
    let steps = 0
    const first = this.done.findLastIndex((entry) => {
      steps += entry.steps.length + (entry.recalled?.length ?? 0)
      return steps > KEPT_STEPS
    })
    if (first < 0) return
    this.done = this.done.slice(Math.min(first + 1, this.done.length - 1))
    this.passed = null
  }
}

const firstOperation = ({ recalled, steps }: HistoryEntry): string | null =>
  recalled?.[0]?.id ?? steps[0]?.operation.id ?? null
