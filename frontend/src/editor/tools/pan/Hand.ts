/** While space is held, a press pans whatever lies under it. */

import type { Editor } from '../../editor'
import type { Pointer, ToolState } from '../ToolState'
import { Panning } from './Panning'

export class Hand implements ToolState {
  readonly path = 'pan.hand'
  readonly cursor = 'grab'
  /** The tool to give back when the key is released. */
  readonly parent: ToolState

  constructor(parent: ToolState) {
    this.parent = parent
  }

  down(_editor: Editor, pointer: Pointer): ToolState {
    return new Panning(this, pointer)
  }

  move(): ToolState {
    return this
  }

  up(): ToolState {
    return this
  }

  cancel(): ToolState {
    return this.parent
  }
}
