/** Waiting: a press on a handle resizes, on a selected box drags, on another box selects it, elsewhere pans; with Shift it adds. */

import type { Editor } from '../../editor'
import { type Handle, handleAt, handleCursor } from '../../math/handles'
import { pinAt } from '../../scene/pin'
import { hasHandles, selectedBox, selectedBoxes } from '../../state'
import { Panning } from '../pan/Panning'
import { GRAB_PX, type Pointer, type ToolState } from '../ToolState'
import { Banding } from './Banding'
import { Dragging } from './Dragging'
import { Resizing } from './Resizing'

export class Idle implements ToolState {
  readonly path = 'select.idle'
  readonly cursor = 'default'

  down(editor: Editor, pointer: Pointer): ToolState {
    if (pointer.button !== 0) return new Panning(this, pointer)
    if (pointer.adds) return new Banding(this, pointer)
    const pin = pinAt(editor.state, pointer.screen)
    if (pin) {
      editor.set({ thread: pin.id })
      return this
    }
    const box = selectedBox(editor.state)
    const handle = this.handleUnder(editor, pointer)
    if (box && handle) return new Resizing(this, box, handle)
    return this.press(editor, pointer)
  }

  move(editor: Editor, pointer: Pointer): ToolState {
    const handle = this.handleUnder(editor, pointer)
    const over = editor.boxesAt(pointer.image).length > 0
    editor.setCursor(handle ? handleCursor(handle) : over ? 'pointer' : 'default')
    return this
  }

  up(): ToolState {
    return this
  }

  cancel(): ToolState {
    return this
  }

  /** The selected box wins, so that it can be dragged where others cover it; a click then goes on to the next below. */
  private press(editor: Editor, pointer: Pointer): ToolState {
    const hits = editor.boxesAt(pointer.image)
    const [first, ...others] = selectedBoxes(editor.state)
    const held = others.length > 0 && hits.find((hit) => hit === first || others.includes(hit))
    // All of a group follow the pointer; a click on one of them leaves that one.
    if (first && held) return new Dragging(this, first, pointer, held.client_id)
    const current = hits.findIndex((box) => box.client_id === editor.state.selected)
    const box = hits[Math.max(current, 0)]
    if (!box) return new Panning(this, pointer)
    if (current === -1) editor.select(box.client_id, { zoom: false })
    const below = hits[(current + 1) % hits.length]
    return new Dragging(this, box, pointer, current === -1 ? null : (below?.client_id ?? null))
  }

  private handleUnder({ state }: Editor, pointer: Pointer): Handle | null {
    const box = selectedBox(state)
    return box && hasHandles(state, box) ? handleAt(box, pointer.image, GRAB_PX / state.camera.scale) : null
  }
}
