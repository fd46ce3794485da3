/**
 * A gesture is a walk through states: a pointer event asks the current state for the next one.
 *
 * One file per state, `tools/<tool>/<State>.ts`; a state that returns itself stays. Geometry lives in `math/`.
 */

import type { Editor } from '../editor'
import type { ImagePoint, ScreenPoint } from '../math/point'

export interface Pointer {
  readonly image: ImagePoint
  readonly screen: ScreenPoint
  /** 0 = primary, 1 = middle. */
  readonly button: number
  /** With Shift: the press adds to the selection. */
  readonly adds: boolean
}

export interface ToolState {
  /** "select.dragging": for tests and for the hint bar. */
  readonly path: string
  readonly cursor: string
  down(editor: Editor, pointer: Pointer): ToolState
  move(editor: Editor, pointer: Pointer): ToolState
  up(editor: Editor, pointer: Pointer): ToolState
  /** Escape, a lost pointer, or another command. */
  cancel(editor: Editor): ToolState
}

/** A move shorter than this (CSS pixels) is a click. */
export const DRAG_THRESHOLD_PX = 3
/** How near (CSS pixels) a pointer must be to a handle or an edge. */
export const GRAB_PX = 9
