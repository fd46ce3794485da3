/** What the page shows of a sitting, besides the frame itself. */

import type { Present } from '../../../api/types'
import { EMPTY_QUEUE, type Queue } from './queue'

export interface DeskState {
  /** `looking`: no frame at hand, a claim is under way. `empty`: nothing waits for this person; it asks again. */
  readonly phase: 'opening' | 'ready' | 'looking' | 'empty' | 'failed'
  readonly failure: string
  readonly queue: Queue
  /** Frames of this queue: done in this sitting or open, with whomever they are. */
  readonly total: number
  readonly finished: number
  readonly pictureMissing: boolean
  /** Who else is at work, as of the last heartbeat. */
  readonly others: readonly Present[]
  /** The last thing said; `key` changes with every saying. */
  readonly said: { readonly text: string; readonly key: number } | null
}

export const OPENING: DeskState = {
  phase: 'opening',
  failure: '',
  queue: EMPTY_QUEUE,
  total: 0,
  finished: 0,
  pictureMissing: false,
  others: [],
  said: null,
}
