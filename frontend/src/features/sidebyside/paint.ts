/** One pane on its canvas: the frame's part that shows, then the boxes by their marks, each told by line and colour both. */
import type { Camera } from '../../editor/math/camera'
import { pathOf, strokeBox } from '../../editor/render/boxLayer'
import { LABEL_FONT, LABEL_GROUND, LABEL_TEXT } from '../../editor/render/style'
import type { Surface } from '../../editor/render/surface'
import type { Mark, Pane } from './differences'

export type Look = 'kept' | 'changed' | 'gained' | 'lost'

export const LOOKS: Readonly<Record<Look, { colour: string; dash: number[]; width: number }>> = {
  kept: { colour: '#c8ccd4', dash: [], width: 1.25 },
  changed: { colour: '#ffb020', dash: [9, 3, 2, 3], width: 2.5 },
  gained: { colour: '#3ddc84', dash: [], width: 2.5 },
  lost: { colour: '#ff6b6b', dash: [6, 4], width: 2.5 },
}
const LABEL_HEIGHT = 16

/** What a mark means in a pane: alone, the student after has gained it; alone in another, that one has lost it. */
export function lookOf(role: Pane['model']['role'], mark: Mark): Look {
  if (mark !== 'alone') return mark
  return role === 'after' ? 'gained' : 'lost'
}

export interface Drawing {
  image: HTMLImageElement | null
  size: { width: number; height: number }
  pane: Pane
  camera: Camera
  named: boolean
}

export function paint(surface: Surface, { image, size, pane, camera, named }: Drawing): void {
  const context = surface.cleared()
  const { scale, x, y } = camera
  if (image) context.drawImage(image, x, y, size.width * scale, size.height * scale)
  const boxes = pane.detections.map(({ box_xywh: [left = 0, top = 0, width = 0, height = 0] }) => ({
    x: left,
    y: top,
    width,
    height,
  }))
  const looks = pane.marks.map((mark) => lookOf(pane.model.role, mark))
  // What differs lies above what does not.
  for (const look of Object.keys(LOOKS) as Look[]) {
    const path = pathOf(
      boxes.filter((_, at) => looks[at] === look),
      camera,
    )
    strokeBox(context, path, LOOKS[look])
  }
  if (!named) return
  pane.detections.forEach(({ category, score }, at) => {
    const [box, look] = [boxes[at], looks[at]]
    if (box && look)
      drawName(context, `${category} ${score.toFixed(2)}`, LOOKS[look].colour, box.x * scale + x, box.y * scale + y)
  })
}

/** A name on its own ground, above the point or, at the top edge, below. */
export function drawName(context: CanvasRenderingContext2D, text: string, colour: string, x: number, y: number): void {
  context.font = LABEL_FONT
  const width = context.measureText(text).width + 12
  const top = y - LABEL_HEIGHT - 2 < 0 ? y + 2 : y - LABEL_HEIGHT - 2
  context.fillStyle = LABEL_GROUND
  context.fillRect(x, top, width, LABEL_HEIGHT)
  context.fillStyle = colour
  context.fillRect(x, top, 3, LABEL_HEIGHT)
  context.fillStyle = LABEL_TEXT
  context.textBaseline = 'middle'
  context.fillText(text, x + 7, top + LABEL_HEIGHT / 2 + 0.5)
}
