/** A box follows the pointer. A press that never moved is a click: it selects the box underneath. */

import type { Editor } from '../../editor'
import { moved } from '../../math/box'
import { distance } from '../../math/point'
import type { LabelBox } from '../../scene/label'
import { DRAG_THRESHOLD_PX, type Pointer, type ToolState } from '../ToolState'

export class Dragging implements ToolState {
  readonly path = 'select.dragging'
  readonly cursor = 'move'
  private readonly parent: ToolState
  private readonly box: LabelBox
  private readonly from: Pointer
  private readonly below: string | null
  private started = false

  constructor(parent: ToolState, box: LabelBox, from: Pointer, below: string | null) {
    this.parent = parent
    this.box = box
    this.from = from
    this.below = below
  }

  down(): ToolState {
    return this
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    this.started ||= distance(pointer.screen, this.from.screen) > DRAG_THRESHOLD_PX
    if (!this.started) return this
    const [dx, dy] = [pointer.image.x - this.from.image.x, pointer.image.y - this.from.image.y]
    editor.setDraft(moved(this.box, dx, dy, editor.frameSize))
    return this
  }

  up(editor: Editor): ToolState {
    if (this.started) editor.commitDraft()
    else if (this.below) editor.select(this.below, { zoom: false })
    return this.parent
  }

  cancel(editor: Editor): ToolState {
    editor.setDraft(null)
    return this.parent
  }
}
