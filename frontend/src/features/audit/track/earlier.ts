/** Undo over a reload: the last decision about a track of which the server knows that it stands. */

import type { RecentOperation } from '../../../api/types'
import type { FilmDecision } from '../../../editor/history'
import { lastGesture } from '../grid/history'

/** What became of an undo that asked the server. */
export type Earlier = 'undone' | 'nothingEarlier' | 'unreached'

export interface EarlierDecision extends FilmDecision {
  /** Its oldest operation: what is asked for next lies before it. */
  readonly oldest: string
}

export function lastDecision(operations: readonly RecentOperation[]): EarlierDecision | null {
  const made = [...lastGesture(operations).values()].flat()
  const [first] = made
  if (!first?.gesture) return null
  return { id: first.gesture, oldest: first.id, tracks: tracksOf(made) }
}

export function tracksOf(made: readonly RecentOperation[]): number[] {
  const tracks = made.flatMap(({ before, track, after }) => [before?.track, track, after?.track])
  return [...new Set(tracks.filter((track): track is number => typeof track === 'number'))]
}
