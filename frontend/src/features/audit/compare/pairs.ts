/** The pairs of a comparison: which are differences, where each lies, and which comes next. */
import type { LabelPair } from '../../../api/types'
import type { Box } from '../../../editor/math/box'

export type Outcome = LabelPair['outcome']

/** In the order of the legend. */
export const OUTCOMES: readonly Outcome[] = ['agree', 'other_category', 'only_a', 'only_b']

export const differencesOf = (pairs: readonly LabelPair[]): LabelPair[] =>
  pairs.filter(({ outcome }) => outcome !== 'agree')

export const boxesOf = ({ a, b }: LabelPair): Box[] => [a, b].filter((label) => label !== null)

/** What a pair covers: the box, or the two together. */
export function placeOf(pair: LabelPair): Box {
  const boxes = boxesOf(pair)
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))]
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** Round the list; from nowhere to its first, or its last. */
export function walked(at: number | null, step: 1 | -1, count: number): number | null {
  if (count === 0) return null
  if (at === null) return step === 1 ? 0 : count - 1
  return (at + step + count) % count
}

/** "car 0.83", or "car / truck" where the two call it otherwise. */
export function nameOf({ a, b }: LabelPair, category: (id: number | null) => string): string {
  if (a && b && a.category !== b.category) return `${category(a.category)} / ${category(b.category)}`
  const label = a ?? b
  if (!label) return ''
  return label.score === null ? category(label.category) : `${category(label.category)} ${label.score.toFixed(2)}`
}
