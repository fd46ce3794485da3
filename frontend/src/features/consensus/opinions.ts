/** A disagreement in words and places. */
import type { Disagreement } from '../../api/types'
import type { Box } from '../../editor/math/box'

export type Side = 'first' | 'second'
export const SIDES: readonly Side[] = ['first', 'second']

/** What both labels cover together. */
export function placeOf({ first, second }: Disagreement): Box {
  const boxes = [first.label, second.label].filter((label) => label !== null)
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))]
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** Where the one that was looked at is now: in its place, or the one that took its place. */
export const placeIn = (rows: readonly Disagreement[], at: number): number => Math.max(0, Math.min(at, rows.length - 1))
