/** The frame follows the pointer; then back to where the press came from. */

import type { Editor } from '../../editor'
import { panned } from '../../math/camera'
import type { ScreenPoint } from '../../math/point'
import type { Pointer, ToolState } from '../ToolState'

export class Panning implements ToolState {
  readonly path = 'pan.panning'
  readonly cursor = 'grabbing'
  private readonly parent: ToolState
  private last: ScreenPoint

  constructor(parent: ToolState, from: Pointer) {
    this.parent = parent
    this.last = from.screen
  }

  down(): ToolState {
    return this
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    const [dx, dy] = [pointer.screen.x - this.last.x, pointer.screen.y - this.last.y]
    this.last = pointer.screen
    editor.setCamera(panned(editor.state.camera, dx, dy))
    return this
  }

  up(): ToolState {
    return this.parent
  }

  cancel(): ToolState {
    return this.parent
  }
}
