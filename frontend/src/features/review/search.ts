/** `/audit/review?stage=&drive=&annotator=`. */
import type { ReviewStage } from '../../api/types'

export const STAGES: readonly ReviewStage[] = ['unreviewed', 'reworked', 'changed', 'returned', 'accepted']

/** A list of frames by stage, or of the conversations that are open. */
export type ReviewList = ReviewStage | 'comments'

export interface ReviewSearch {
  stage?: ReviewList
  drive?: number
  /** Whose work: returned to them, or finished by them. */
  annotator?: number
}

export function reviewSearch({ stage, drive, annotator }: Record<string, unknown>): ReviewSearch {
  const known = [...STAGES, 'comments' as const].find((one) => one === stage)
  return {
    ...(known && { stage: known }),
    ...(isId(drive) && { drive: Number(drive) }),
    ...(isId(annotator) && { annotator: Number(annotator) }),
  }
}

const isId = (value: unknown): boolean => Number.isInteger(Number(value)) && Number(value) > 0
