/** Where the frame lies on the stage: `screen = image * scale + (x, y)`, in CSS pixels. */

import { type Box, centre, type Size } from './box'
import { clamp, type ImagePoint, imagePoint, type Point, type ScreenPoint, screenPoint } from './point'

export interface Camera {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export const MAX_SCALE = 32
/** A flagged box fills this share of the stage; the rest is context. */
const BOX_SHARE = 1 / 2.5
/** Never show less of the frame than this around a tiny box: one cannot judge eight pixels without a road. */
const LEAST_CONTEXT_PX = 200

export const toScreen = (camera: Camera, point: Point): ScreenPoint =>
  screenPoint(point.x * camera.scale + camera.x, point.y * camera.scale + camera.y)

export const toImage = (camera: Camera, point: ScreenPoint): ImagePoint =>
  imagePoint((point.x - camera.x) / camera.scale, (point.y - camera.y) / camera.scale)

/** The camera that puts `at` (image) into the middle of the view. */
export const centredOn = (at: ImagePoint, scale: number, view: Size): Camera => ({
  scale,
  x: view.width / 2 - at.x * scale,
  y: view.height / 2 - at.y * scale,
})

export const fitScale = (frame: Size, view: Size): number =>
  Math.min(view.width / Math.max(frame.width, 1), view.height / Math.max(frame.height, 1))

/** The whole frame, centred. */
export function fitted(frame: Size, view: Size): Camera {
  return centredOn(imagePoint(frame.width / 2, frame.height / 2), fitScale(frame, view), view)
}

/** The box with context around it; never smaller than the whole frame, never past the frame's edges. */
export function zoomedToBox(box: Box, frame: Size, view: Size): Camera {
  const shown = {
    width: Math.max(box.width / BOX_SHARE, LEAST_CONTEXT_PX),
    height: Math.max(box.height / BOX_SHARE, LEAST_CONTEXT_PX),
  }
  const scale = clamp(fitScale(shown, view), fitScale(frame, view), MAX_SCALE)
  return kept(centredOn(centre(box), scale, view), frame, view)
}

/** Zoom by `factor` with the frame's point under `at` staying where it is. */
export function zoomedAt(camera: Camera, at: ScreenPoint, factor: number, frame: Size, view: Size): Camera {
  const scale = clamp(camera.scale * factor, fitScale(frame, view) / 2, MAX_SCALE)
  const anchor = toImage(camera, at)
  return { scale, x: at.x - anchor.x * scale, y: at.y - anchor.y * scale }
}

export const panned = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x + dx,
  y: camera.y + dy,
})

/** The camera moved so that no empty margin shows where the frame is larger than the view. */
function kept(camera: Camera, frame: Size, view: Size): Camera {
  const along = (offset: number, length: number, room: number): number =>
    length <= room ? (room - length) / 2 : clamp(offset, room - length, 0)
  return {
    scale: camera.scale,
    x: along(camera.x, frame.width * camera.scale, view.width),
    y: along(camera.y, frame.height * camera.scale, view.height),
  }
}
