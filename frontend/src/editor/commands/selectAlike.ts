import { isOpen } from '../scene/label'
import { questionFirst, selectedBox } from '../state'
import type { Command } from './command'

/** A row of parked cars is one decision. */
const selectAlike: Command = {
  id: 'select-alike',
  title: 'Select the undecided boxes of this category',
  group: 'Move',
  keys: ['a'],
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    const category = selectedBox(editor.state)?.category
    editor.selectAll(questionFirst(editor.state, (box) => isOpen(box) && box.category === category))
  },
}
export default selectAlike
