/** Which part of a frame a crop shows: the box with some road around it, in the shape of the cell, inside the frame where that can be. */

import type { Box, Size } from '../../../editor/math/box'

/** Context on each side, as part of the box's longer side. */
const MARGIN = 0.35
/** A box of a few pixels is not blown up to mere blur. */
const LEAST_PX = 48

export function cutout(box: Box, frame: Size, cell: Size, around = MARGIN): Box {
  const margin = Math.max(box.width, box.height) * around
  const aspect = cell.width / cell.height
  const wanted = Math.max(box.width + 2 * margin, (box.height + 2 * margin) * aspect, LEAST_PX)
  const width = Math.min(wanted, Math.max(frame.width, frame.height * aspect))
  const height = width / aspect
  return {
    x: within(box.x + box.width / 2 - width / 2, width, frame.width),
    y: within(box.y + box.height / 2 - height / 2, height, frame.height),
    width,
    height,
  }
}

/** Shifted into the frame; centred on it where it is larger. */
const within = (start: number, side: number, limit: number): number =>
  side >= limit ? (limit - side) / 2 : Math.min(Math.max(start, 0), limit - side)
