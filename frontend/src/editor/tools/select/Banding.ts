/** With Shift: a rubber band takes the boxes in it into the selection, a click takes one box in or out. */

import type { Editor } from '../../editor'
import { centre, contains, fromCorners } from '../../math/box'
import { distance } from '../../math/point'
import { questionFirst, selectedBoxes, shownBoxes } from '../../state'
import { DRAG_THRESHOLD_PX, type Pointer, type ToolState } from '../ToolState'

export class Banding implements ToolState {
  readonly path = 'select.banding'
  readonly cursor = 'crosshair'
  private readonly parent: ToolState
  private readonly from: Pointer

  constructor(parent: ToolState, from: Pointer) {
    this.parent = parent
    this.from = from
  }

  down(): ToolState {
    return this
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    if (this.isDrag(pointer)) editor.set({ band: fromCorners(this.from.image, pointer.image, editor.frameSize) })
    return this
  }

  up(editor: Editor, pointer: Pointer): ToolState {
    editor.set({ band: null })
    const [under] = editor.boxesAt(pointer.image)
    if (this.isDrag(pointer)) this.take(editor, pointer)
    else if (under) editor.toggle(under)
    return this.parent
  }

  cancel(editor: Editor): ToolState {
    editor.set({ band: null })
    return this.parent
  }

  /** A box is in the band when its middle is: vehicles overlap, and a band is drawn in haste. */
  private take(editor: Editor, pointer: Pointer): void {
    if (editor.state.preferences.boxesHidden) return
    const band = fromCorners(this.from.image, pointer.image, editor.frameSize)
    const before = selectedBoxes(editor.state)
    const inside = shownBoxes(editor.state).filter((box) => before.includes(box) || contains(band, centre(box)))
    if (inside.length > before.length) editor.selectAll(questionFirst(editor.state, (box) => inside.includes(box)))
  }

  private isDrag(pointer: Pointer): boolean {
    return distance(pointer.screen, this.from.screen) > DRAG_THRESHOLD_PX
  }
}
