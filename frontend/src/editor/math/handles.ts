/** The eight handles of a selected box: where they are, which one is under the pointer, what dragging one does. */

import { type Box, MIN_SIDE_PX, type Size } from './box'
import { clamp, distance, type ImagePoint, imagePoint } from './point'

export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof HANDLES)[number]

export function handlePoint(box: Box, handle: Handle): ImagePoint {
  const x = handle.includes('w') ? box.x : handle.includes('e') ? box.x + box.width : box.x + box.width / 2
  const y = handle.startsWith('n') ? box.y : handle.startsWith('s') ? box.y + box.height : box.y + box.height / 2
  return imagePoint(x, y)
}

/** The nearest handle within `tolerance` image pixels of the point. */
export function handleAt(box: Box, point: ImagePoint, tolerance: number): Handle | null {
  let best: Handle | null = null
  let bestDistance = tolerance
  for (const handle of HANDLES) {
    const away = distance(handlePoint(box, handle), point)
    if (away <= bestDistance) [best, bestDistance] = [handle, away]
  }
  return best
}

/** The box with one handle dragged to `to`: the opposite side stays, nothing flips, nothing leaves the frame. */
export function resized(box: Box, handle: Handle, to: ImagePoint, frame: Size): Box {
  let [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height]
  if (handle.includes('w')) left = clamp(to.x, 0, right - MIN_SIDE_PX)
  if (handle.includes('e')) right = clamp(to.x, left + MIN_SIDE_PX, frame.width)
  if (handle.startsWith('n')) top = clamp(to.y, 0, bottom - MIN_SIDE_PX)
  if (handle.startsWith('s')) bottom = clamp(to.y, top + MIN_SIDE_PX, frame.height)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

export function handleCursor(handle: Handle): string {
  if (handle === 'n' || handle === 's') return 'ns-resize'
  if (handle === 'e' || handle === 'w') return 'ew-resize'
  return handle === 'nw' || handle === 'se' ? 'nwse-resize' : 'nesw-resize'
}
