/** What the page shows of the outbox. */

import type { LabelledFrame } from '../../../editor/scene/label'
import type { JournalEntry } from './journal'

export interface Conflict {
  readonly frame: number
  /** The frame as it is on the server; null when somebody else holds it. */
  readonly current: LabelledFrame | null
  readonly heldBy: string | null
}

export interface OutboxState {
  readonly phase: 'saved' | 'saving' | 'offline' | 'conflict' | 'signed-out'
  /** Operations that the server does not have yet. */
  readonly waiting: number
  readonly conflicts: readonly Conflict[]
  /** Refused by the server, or given up in a conflict: shown until dismissed. */
  readonly setAside: readonly JournalEntry[]
  /** False when the browser could not store the journal: closing the page would lose what waits. */
  readonly journalled: boolean
}

export const ALL_SAVED: OutboxState = {
  phase: 'saved',
  waiting: 0,
  conflicts: [],
  setAside: [],
  journalled: true,
}
