/** Where is the comment about? A click says; then it is written. */

import type { Editor } from '../../editor'
import { clamp, imagePoint } from '../../math/point'
import { Panning } from '../pan/Panning'
import { Idle } from '../select/Idle'
import type { Pointer, ToolState } from '../ToolState'

export class Placing implements ToolState {
  readonly path = 'pin.placing'
  readonly cursor = 'crosshair'

  down(_editor: Editor, pointer: Pointer): ToolState {
    return pointer.button === 0 ? this : new Panning(this, pointer)
  }

  move(): ToolState {
    return this
  }

  up(editor: Editor, { image }: Pointer): ToolState {
    const { width, height } = editor.frameSize
    editor.set({ pinPoint: imagePoint(clamp(image.x, 0, width), clamp(image.y, 0, height)), dialog: 'comment' })
    return new Idle()
  }

  cancel(): ToolState {
    return new Idle()
  }
}
