/** From the first corner to the second; too small a box is a slip, and the tool stays ready. */

import type { Editor } from '../../editor'
import { fromCorners } from '../../math/box'
import type { ImagePoint } from '../../math/point'
import { Idle } from '../select/Idle'
import { DRAG_THRESHOLD_PX, type Pointer, type ToolState } from '../ToolState'

export class Drawing implements ToolState {
  readonly path = 'draw.drawing'
  readonly cursor = 'crosshair'
  private readonly parent: ToolState
  private readonly corner: ImagePoint

  constructor(parent: ToolState, corner: ImagePoint) {
    this.parent = parent
    this.corner = corner
  }

  down(): ToolState {
    return this
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    editor.setDraft(fromCorners(this.corner, pointer.image, editor.frameSize))
    return this
  }

  up(editor: Editor, pointer: Pointer): ToolState {
    const box = fromCorners(this.corner, pointer.image, editor.frameSize)
    editor.setDraft(null)
    const least = Math.max(1, DRAG_THRESHOLD_PX / editor.state.camera.scale)
    if (box.width < least || box.height < least) return this.parent
    editor.create(box)
    return new Idle()
  }

  cancel(editor: Editor): ToolState {
    editor.setDraft(null)
    return this.parent
  }
}
