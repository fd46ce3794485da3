/** Conversations on the stage: numbered discs, filled while open, hollow once resolved. */

import { onScreen, PIN_RADIUS_PX, type Pin } from '../scene/pin'
import type { EditorState } from '../state'
import { DARK } from './style'

const OPEN = '#ffd43b'
const SELECTED = '#ffffff'

export function drawPins(context: CanvasRenderingContext2D, state: EditorState): void {
  if (state.preferences.boxesHidden) return
  // Open ones last, so that they lie on top.
  for (const pin of [...state.pins].sort((a, b) => Number(b.resolved) - Number(a.resolved)))
    drawPin(context, pin, state)
}

function drawPin(context: CanvasRenderingContext2D, pin: Pin, state: EditorState): void {
  const at = onScreen(pin, state)
  if (!at) return
  const ground = pin.id === state.thread ? SELECTED : OPEN
  context.beginPath()
  context.arc(at.x, at.y, PIN_RADIUS_PX, 0, 2 * Math.PI)
  context.fillStyle = pin.resolved ? DARK : ground
  context.fill()
  context.lineWidth = 2
  context.strokeStyle = pin.resolved ? ground : DARK
  context.stroke()
  context.fillStyle = pin.resolved ? ground : '#101216'
  context.font = '700 11px system-ui, "Segoe UI", sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(pin.resolved ? '✓' : String(pin.number), at.x, at.y + 0.5)
  context.textAlign = 'start'
  context.textBaseline = 'alphabetic'
}
