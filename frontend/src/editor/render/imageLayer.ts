/** The frame itself. Only the part that shows is drawn; large pixels stay pixels. */

import { toImage } from '../math/camera'
import { clamp, screenPoint } from '../math/point'
import type { EditorState } from '../state'
import type { View, ViewsAhead } from './ahead'
import type { Surface } from './surface'

/** From here on a person wants to see pixels, not a blur. */
const PIXELS_FROM_SCALE = 4

export function viewOf({ image, labelled, camera, view }: EditorState): View | null {
  return image && labelled && { image, frame: labelled.frame, camera, stage: view }
}

export function drawImage(surface: Surface, state: EditorState, ahead: ViewsAhead): void {
  const view = viewOf(state)
  const scaled = view && ahead.get(view, surface.ratio)
  if (scaled) {
    surface.replace(scaled)
    return
  }
  const context = surface.cleared()
  if (view) paintView(context, view)
}

/** In CSS pixels of the stage. */
export function paintView(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  { image, frame, camera, stage }: View,
): void {
  const start = toImage(camera, screenPoint(0, 0))
  const end = toImage(camera, screenPoint(stage.width, stage.height))
  const [left, right] = [clamp(start.x, 0, frame.width), clamp(end.x, 0, frame.width)]
  const [top, bottom] = [clamp(start.y, 0, frame.height), clamp(end.y, 0, frame.height)]
  if (right <= left || bottom <= top) return
  // A thumbnail stands in until the frame is there, so the source's pixels are not always the frame's.
  const [sx, sy] = [image.width / frame.width, image.height / frame.height]
  const { scale } = camera
  context.imageSmoothingEnabled = scale / sx < PIXELS_FROM_SCALE
  context.drawImage(
    image,
    left * sx,
    top * sy,
    (right - left) * sx,
    (bottom - top) * sy,
    left * scale + camera.x,
    top * scale + camera.y,
    (right - left) * scale,
    (bottom - top) * scale,
  )
}
