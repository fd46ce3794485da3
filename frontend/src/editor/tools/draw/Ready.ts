/** The draw tool before its first corner. */

import type { Editor } from '../../editor'
import { Panning } from '../pan/Panning'
import { Idle } from '../select/Idle'
import type { Pointer, ToolState } from '../ToolState'
import { Drawing } from './Drawing'

export class Ready implements ToolState {
  readonly path = 'draw.ready'
  readonly cursor = 'crosshair'

  down(_editor: Editor, pointer: Pointer): ToolState {
    return pointer.button === 0 ? new Drawing(this, pointer.image) : new Panning(this, pointer)
  }

  move(): ToolState {
    return this
  }

  up(): ToolState {
    return this
  }

  cancel(): ToolState {
    return new Idle()
  }
}
