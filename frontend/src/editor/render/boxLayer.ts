/** Every box but the selected ones. */

import type { Camera } from '../math/camera'
import type { LabelBox } from '../scene/label'
import { categoryOf, type EditorState, isSelected, shownBoxes } from '../state'
import { drawEdges } from './edges'
import {
  DARK,
  LABEL_GROUND,
  LABEL_HEIGHT,
  LABEL_TEXT,
  LINE_STYLES,
  labelFont,
  labelText,
  lineColour,
  NO_CATEGORY,
} from './style'
import type { Surface } from './surface'

const DIMMED = 0.6
const widths = new Map<string, number>()
let widthsOf = ''

export function drawBoxes(surface: Surface, state: EditorState): void {
  const context = surface.cleared()
  if (state.preferences.boxesHidden) return
  const boxes = shownBoxes(state).filter((box) => !isSelected(state, box) && onStage(box, state))
  context.globalAlpha = state.selected && state.preferences.zoomToBox ? DIMMED : 1
  drawBoxEdges(surface, boxes, state, 1.75)
  if (!state.preferences.labelsHidden) for (const box of boxes) drawLabel(context, box, box, state)
  context.globalAlpha = 1
}

export function drawBoxEdges(surface: Surface, boxes: readonly LabelBox[], state: EditorState, width: number): void {
  for (const box of boxes) {
    const colour = lineColour(categoryOf(state, box)?.colour ?? NO_CATEGORY)
    drawEdges(surface, box, state.camera, { dash: LINE_STYLES[box.state].dash, colour, width })
  }
}

/** The category, the sign of the state and the score, above the box or, at the top edge, inside it. */
export function drawLabel(
  context: CanvasRenderingContext2D,
  box: LabelBox,
  at: { readonly x: number; readonly y: number },
  state: EditorState,
): void {
  const category = categoryOf(state, box)
  const text = labelText(box, category?.name ?? 'ignore')
  const height = Math.round(LABEL_HEIGHT * state.preferences.labelSize)
  context.font = labelFont(state.preferences.labelSize)
  const width = widthOf(context, text) + 12
  const x = Math.max(Math.min(at.x * state.camera.scale + state.camera.x, state.view.width - width), 0)
  const above = at.y * state.camera.scale + state.camera.y - height - 2
  const y = above < 0 ? above + height + 4 : above
  context.fillStyle = LABEL_GROUND
  context.fillRect(x, y, width, height)
  context.fillStyle = lineColour(category?.colour ?? NO_CATEGORY)
  context.fillRect(x, y, 3, height)
  context.fillStyle = LABEL_TEXT
  context.textBaseline = 'middle'
  context.fillText(text, x + 7, y + height / 2 + 0.5)
}

export function strokeBox(
  context: CanvasRenderingContext2D,
  path: Path2D,
  { dash, colour, width }: { dash: readonly number[]; colour: string; width: number },
): void {
  context.setLineDash([...dash])
  context.lineJoin = 'miter'
  context.strokeStyle = DARK
  context.lineWidth = width + 2
  context.stroke(path)
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke(path)
  context.setLineDash([])
}

export function pathOf(
  boxes: readonly { x: number; y: number; width: number; height: number }[],
  camera: Camera,
): Path2D {
  const path = new Path2D()
  const { scale } = camera
  for (const box of boxes)
    path.rect(box.x * scale + camera.x, box.y * scale + camera.y, box.width * scale, box.height * scale)
  return path
}

/** In the font that is set; the widths of one font are kept. */
function widthOf(context: CanvasRenderingContext2D, text: string): number {
  if (context.font !== widthsOf) widths.clear()
  widthsOf = context.font
  const known = widths.get(text)
  if (known !== undefined) return known
  if (widths.size > 5_000) widths.clear()
  const width = context.measureText(text).width
  widths.set(text, width)
  return width
}

function onStage(box: LabelBox, { camera, view }: EditorState): boolean {
  const left = box.x * camera.scale + camera.x
  const top = box.y * camera.scale + camera.y
  return (
    left < view.width && top < view.height && left + box.width * camera.scale > 0 && top + box.height * camera.scale > 0
  )
}
