/** The whole frame, small, in the corner: where in the scene the magnified box lies. */

import { fitScale } from '../math/camera'
import type { EditorState } from '../state'
import { DARK } from './style'
import type { Surface } from './surface'

const WIDTH_PX = 168
const MARGIN_PX = 12
/** Below this zoom the stage shows the scene by itself. */
const FROM_ZOOM = 1.4

/** The small picture is made once a frame: shrinking two megapixels for every pan would cost more than the stage. */
let shrunk: { from: ImageBitmap; picture: HTMLCanvasElement } | null = null

export function drawMinimap(surface: Surface, state: EditorState): void {
  const { labelled, image, camera, view } = state
  if (!labelled || !image || camera.scale < fitScale(labelled.frame, view) * FROM_ZOOM) return
  const { context, size } = surface
  const { frame } = labelled
  const height = (WIDTH_PX * frame.height) / frame.width
  const [x, y] = [size.width - WIDTH_PX - MARGIN_PX, size.height - height - MARGIN_PX]
  const ratio = WIDTH_PX / frame.width
  context.fillStyle = DARK
  context.fillRect(x - 2, y - 2, WIDTH_PX + 4, height + 4)
  context.drawImage(pictureOf(image, height), x, y, WIDTH_PX, height)
  context.save()
  context.beginPath()
  context.rect(x, y, WIDTH_PX, height)
  context.clip()
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.5
  const [left, top] = [-camera.x / camera.scale, -camera.y / camera.scale]
  context.strokeRect(
    x + left * ratio,
    y + top * ratio,
    (view.width / camera.scale) * ratio,
    (view.height / camera.scale) * ratio,
  )
  context.restore()
}

function pictureOf(image: ImageBitmap, height: number): HTMLCanvasElement {
  if (shrunk?.from === image) return shrunk.picture
  const picture = document.createElement('canvas')
  picture.width = WIDTH_PX
  picture.height = Math.round(height)
  picture.getContext('2d')?.drawImage(image, 0, 0, picture.width, picture.height)
  shrunk = { from: image, picture }
  return picture
}
