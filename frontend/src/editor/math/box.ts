/** Boxes: COCO `[x, y, width, height]`, floats, absolute pixels of the original frame. Every function is pure. */

import { clamp, type ImagePoint, imagePoint, type Point } from './point'

export interface Size {
  readonly width: number
  readonly height: number
}
export interface Box extends Size {
  readonly x: number
  readonly y: number
}

/** The smallest side that a gesture may leave; the database refuses boxes without area. */
export const MIN_SIDE_PX = 1

export const area = (box: Size): number => box.width * box.height

export const centre = (box: Box): ImagePoint => imagePoint(box.x + box.width / 2, box.y + box.height / 2)

export const sameBox = (a: Box, b: Box): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height

export function contains(box: Box, point: Point, margin = 0): boolean {
  return (
    point.x >= box.x - margin &&
    point.x <= box.x + box.width + margin &&
    point.y >= box.y - margin &&
    point.y <= box.y + box.height + margin
  )
}

/** The box between two corners in any order, cut to the frame. */
export function fromCorners(a: ImagePoint, b: ImagePoint, frame: Size): Box {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)].map((x) => clamp(x, 0, frame.width)) as [
    number,
    number,
  ]
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)].map((y) => clamp(y, 0, frame.height)) as [
    number,
    number,
  ]
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The box moved, its size kept, stopped at the frame's edges. */
export function moved(box: Box, dx: number, dy: number, frame: Size): Box {
  return {
    ...box,
    x: clamp(box.x + dx, 0, Math.max(frame.width - box.width, 0)),
    y: clamp(box.y + dy, 0, Math.max(frame.height - box.height, 0)),
  }
}

/** The box with its right and bottom edges moved, at least one pixel wide and high, inside the frame. */
export function stretched(box: Box, dx: number, dy: number, frame: Size): Box {
  return {
    ...box,
    width: clamp(box.width + dx, MIN_SIDE_PX, frame.width - box.x),
    height: clamp(box.height + dy, MIN_SIDE_PX, frame.height - box.y),
  }
}

/** The box moved and stretched as `from` was to become `to`: what happens to one of a group happens to all. */
export function likewise(box: Box, from: Box, to: Box, frame: Size): Box {
  const { x, y, width, height } = stretched(box, to.width - from.width, to.height - from.height, frame)
  return moved({ x, y, width, height }, to.x - from.x, to.y - from.y, frame)
}

/** The share of their union that two boxes have in common: 1 for the same box, 0 for two that do not touch. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (area(a) + area(b) - width * height)
}

/** "312×140 at 640,402", for lists and screen readers. */
export const describeBox = (box: Box): string =>
  `${Math.round(box.width)}×${Math.round(box.height)} at ${Math.round(box.x)},${Math.round(box.y)}`
