/** Undo over a reload: the last decision about a track of which the server knows that it stands. */

import type { RecentOperation } from '../../../api/types'
import { lastGesture } from '../grid/history'

/** What became of an undo that asked the server. */
export type Earlier = 'undone' | 'nothingEarlier' | 'unreached'

export interface EarlierDecision {
  readonly id: string
  /** Its oldest operation: what is asked for next lies before it. */
  readonly oldest: string
  /** Those that its boxes are on, were on or went to; the first is the one to come back to. */
  readonly tracks: readonly number[]
}

export function lastDecision(operations: readonly RecentOperation[]): EarlierDecision | null {
  const made = [...lastGesture(operations).values()].flat()
  const [first] = made
  if (!first?.gesture) return null
  return { id: first.gesture, oldest: first.id, tracks: tracksOf(made) }
}

/** Those that the boxes of these operations are on, were on or went to. */
export function tracksOf(made: readonly RecentOperation[]): number[] {
  const tracks = made.flatMap(({ before, track, after }) => [before?.track, track, after?.track])
  return [...new Set(tracks.filter((track): track is number => typeof track === 'number'))]
}
