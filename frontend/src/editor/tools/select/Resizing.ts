/** One handle of the selected box follows the pointer; the opposite side stays. */

import type { Editor } from '../../editor'
import { type Handle, handleCursor, resized } from '../../math/handles'
import type { LabelBox } from '../../scene/label'
import type { Pointer, ToolState } from '../ToolState'

export class Resizing implements ToolState {
  readonly path = 'select.resizing'
  readonly cursor: string
  private readonly parent: ToolState
  private readonly box: LabelBox
  private readonly handle: Handle

  constructor(parent: ToolState, box: LabelBox, handle: Handle) {
    this.parent = parent
    this.box = box
    this.handle = handle
    this.cursor = handleCursor(handle)
  }

  down(): ToolState {
    return this
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    editor.setDraft(resized(this.box, this.handle, pointer.image, editor.frameSize))
    return this
  }

  up(editor: Editor): ToolState {
    editor.commitDraft()
    return this.parent
  }

  cancel(editor: Editor): ToolState {
    editor.setDraft(null)
    return this.parent
  }
}
