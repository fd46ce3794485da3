import { isGone } from '../scene/label'
import { selectedBox } from '../state'
import type { Command } from './command'

/** Nothing there, or not worth a label. A candidate for a missed object is dismissed. */
const reject: Command = {
  id: 'reject',
  title: 'Reject and next',
  group: 'Decide',
  keys: ['x', 'Delete', 'Backspace'],
  decides: true,
  hint: 'reject',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    editor.dropDraft()
    const box = selectedBox(editor.state)
    if (!box) return
    if (isGone(box)) return editor.decide('Rejected already', [])
    const candidate = box.state === 'missed_candidate'
    editor.decide(candidate ? 'Dismissed' : 'Rejected', [
      { kind: candidate ? 'dismiss' : 'reject', box: box.client_id },
    ])
  },
}
export default reject
