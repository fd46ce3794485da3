/** Between two key frames a box moves and grows linearly in time: what the server does, shown before it is asked. */

import type { Box } from './box'

export interface Key {
  readonly timeMs: number
  readonly box: Box
}

/** The box at a time, from keys by rising time; null before the first and after the last. At a key it is that key's box. */
export function interpolated(keys: readonly Key[], timeMs: number): Box | null {
  const at = keys.findLastIndex((key) => key.timeMs <= timeMs)
  const before = keys[at]
  if (!before) return null
  if (before.timeMs === timeMs) return before.box
  const after = keys[at + 1]
  if (!after) return null
  const share = (timeMs - before.timeMs) / (after.timeMs - before.timeMs)
  const between = (side: keyof Box): number => before.box[side] + (after.box[side] - before.box[side]) * share
  return { x: between('x'), y: between('y'), width: between('width'), height: between('height') }
}
