/** Which boxes a person has put out of sight: by the model's confidence, by risk, by category. What is hidden is always told. */

import type { LabelBox } from './label'

export interface Filter {
  /** Boxes of a lower score are hidden; 0 hides none. Boxes without a score, drawn by a person, always stay. */
  readonly leastScore: number
  /** Boxes of a lower risk are hidden; 0 hides none. Boxes that nothing judged always stay. */
  readonly leastRisk: number
  /** Ids of categories that are not shown. */
  readonly hiddenCategories: readonly number[]
}

export const NO_FILTER: Filter = { leastScore: 0, leastRisk: 0, hiddenCategories: [] }

/** One press of a key moves a threshold so far. */
export const FILTER_STEP = 0.05

export const isFiltered = (box: LabelBox, { leastScore, leastRisk, hiddenCategories }: Filter): boolean =>
  (box.score !== null && box.score < leastScore) ||
  (box.risk !== null && box.risk < leastRisk) ||
  (box.category !== null && hiddenCategories.includes(box.category))

/** A threshold one step up or down, between 0 and 1. */
export const stepped = (value: number, direction: 1 | -1): number =>
  Math.min(Math.max(Math.round((value + direction * FILTER_STEP) * 100) / 100, 0), 1)
