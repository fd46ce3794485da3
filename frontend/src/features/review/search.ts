/** `/audit/review?stage=&drive=`. */
import type { ReviewStage } from '../../api/types'

export const STAGES: readonly ReviewStage[] = ['unreviewed', 'reworked', 'changed', 'returned', 'accepted']

/** A list of frames by stage, or of the conversations that are open. */
export type ReviewList = ReviewStage | 'comments'

export interface ReviewSearch {
  stage?: ReviewList
  drive?: number
}

export function reviewSearch({ stage, drive }: Record<string, unknown>): ReviewSearch {
  const known = [...STAGES, 'comments' as const].find((one) => one === stage)
  const number = Number(drive)
  return { ...(known && { stage: known }), ...(Number.isInteger(number) && number > 0 && { drive: number }) }
}
