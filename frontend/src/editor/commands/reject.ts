import { rejection } from '../scene/decisions'
import { selectedBox } from '../state'
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
    const box = selectedBox(editor.state)
    if (!box) return
    editor.decide(box.state === 'missed_candidate' ? 'Dismissed' : 'Rejected', rejection(box))
  },
}
export default reject
