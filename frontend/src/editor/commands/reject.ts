import { rejection, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

/** Nothing there, or not worth a label. A candidate for a missed object is dismissed. */
const reject: Command = {
  id: 'reject',
  title: 'Reject and next',
  group: 'Decide',
  scope: 'anywhere',
  keys: ['x', 'Delete', 'Backspace'],
  decides: true,
  hint: 'reject',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    editor.dropDraft()
    const boxes = selectedBoxes(editor.state)
    const dismissed = boxes.every((box) => box.state === 'missed_candidate')
    editor.decide(titled(dismissed ? 'Dismissed' : 'Rejected', boxes), boxes.flatMap(rejection))
  },
}
export default reject
