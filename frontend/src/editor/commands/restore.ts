import { titled } from '../scene/decisions'
import { isOpen, type LabelBox } from '../scene/label'
import { selectedBoxes } from '../state'
import type { Command } from './command'

const isRestorable = (box: LabelBox): boolean => !isOpen(box) && box.source !== 'human'

const restore: Command = {
  id: 'restore',
  title: 'Put the box back to undecided',
  group: 'Decide',
  keys: ['u'],
  when: ({ state }) => selectedBoxes(state).some(isRestorable),
  run(editor) {
    const boxes = selectedBoxes(editor.state).filter(isRestorable)
    editor.apply(
      titled('Back to undecided', boxes),
      boxes.map((box) => ({ kind: 'restore', box: box.client_id })),
    )
  },
}
export default restore
