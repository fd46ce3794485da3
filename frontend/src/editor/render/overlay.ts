/** What moves under the hand: the selected boxes, one alone with its handles, a box being drawn, the crosshair, the small map. */

import { type Box, likewise } from '../math/box'
import { toScreen } from '../math/camera'
import { HANDLES, handlePoint } from '../math/handles'
import type { ScreenPoint } from '../math/point'
import type { LabelBox } from '../scene/label'
import { besides, categoryOf, type EditorState, hasCrosshair, hasHandles, selectedBox } from '../state'
import { drawBoxEdges, drawLabel, pathOf, strokeBox } from './boxLayer'
import { drawEdges } from './edges'
import { drawMinimap } from './minimap'
import { drawPins } from './pins'
import { DARK, LINE_STYLES, lineColour, NO_CATEGORY } from './style'
import type { Surface } from './surface'

const HANDLE_PX = 7

export function drawOverlay(surface: Surface, state: EditorState, pointer: ScreenPoint | null): void {
  const context = surface.cleared()
  drawMinimap(surface, state)
  const drawing = state.tool.path.startsWith('draw')
  const box = selectedBox(state)
  const draft = drawing ? null : state.draft
  if (box && !state.preferences.boxesHidden) drawBesides(surface, box, draft, state)
  if (box && !state.preferences.boxesHidden) drawSelected(surface, box, draft ?? box, state)
  if (drawing && state.draft) drawNew(context, state.draft, state)
  if (state.band) drawBand(context, state.band, state)
  drawPins(context, state)
  if (pointer && hasCrosshair(state)) drawCrosshair(context, pointer, surface)
}

const HALO = 'rgba(255, 255, 255, 0.9)'

/** Those selected with the box in question, where its draft would bring them; labels wait until nothing moves. */
function drawBesides(surface: Surface, box: LabelBox, draft: Box | null, state: EditorState): void {
  const others = besides(state)
  if (others.length === 0) return
  const { context } = surface
  const frame = state.labelled?.frame ?? box
  const moving = draft ? others.map((other) => ({ ...other, ...likewise(other, box, draft, frame) })) : others
  strokeBox(context, pathOf(moving, state.camera), { dash: [], colour: HALO, width: 3.5 })
  drawBoxEdges(surface, moving, state, 2)
  if (!state.preferences.labelsHidden && !draft) for (const other of others) drawLabel(context, other, other, state)
}

function drawBand(context: CanvasRenderingContext2D, band: Box, state: EditorState): void {
  const path = pathOf([band], state.camera)
  context.fillStyle = 'rgba(255, 255, 255, 0.12)'
  context.fill(path)
  strokeBox(context, path, { dash: [5, 4], colour: HALO, width: 1 })
}

function drawSelected(surface: Surface, box: LabelBox, at: Box, state: EditorState): void {
  const { context } = surface
  const colour = lineColour(categoryOf(state, box)?.colour ?? NO_CATEGORY)
  drawEdges(surface, at, state.camera, { dash: [], colour: HALO, width: 4 })
  drawEdges(surface, at, state.camera, { dash: LINE_STYLES[box.state].dash, colour, width: 2 })
  if (!state.preferences.labelsHidden) drawLabel(context, box, at, state)
  if (hasHandles(state, at)) drawHandles(context, at, colour, state)
}

function drawHandles(context: CanvasRenderingContext2D, box: Box, colour: string, state: EditorState): void {
  for (const handle of HANDLES) {
    const at = toScreen(state.camera, handlePoint(box, handle))
    context.fillStyle = DARK
    context.fillRect(at.x - HANDLE_PX / 2 - 1.5, at.y - HANDLE_PX / 2 - 1.5, HANDLE_PX + 3, HANDLE_PX + 3)
    context.fillStyle = state.editing ? '#ffffff' : colour
    context.fillRect(at.x - HANDLE_PX / 2, at.y - HANDLE_PX / 2, HANDLE_PX, HANDLE_PX)
  }
}

function drawNew(context: CanvasRenderingContext2D, draft: Box, state: EditorState): void {
  const category = state.categories.find((one) => one.id === state.category)
  strokeBox(context, pathOf([draft], state.camera), {
    dash: [],
    colour: lineColour(category?.colour ?? NO_CATEGORY),
    width: 2.5,
  })
}

function drawCrosshair(context: CanvasRenderingContext2D, at: ScreenPoint, { size }: Surface): void {
  const path = new Path2D()
  path.moveTo(0, at.y)
  path.lineTo(size.width, at.y)
  path.moveTo(at.x, 0)
  path.lineTo(at.x, size.height)
  strokeBox(context, path, { dash: [], colour: 'rgba(255, 255, 255, 0.8)', width: 1 })
}
