import { isKept } from '../scene/decisions'
import { selectedBox } from '../state'
import type { Command } from './command'

const flagTruncated: Command = {
  id: 'flag-truncated',
  title: 'Truncated: cut by the edge of the frame',
  group: 'Draw and edit',
  keys: ['t'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const box = selectedBox(editor.state)
    if (!box) return
    const truncated = !box.truncated
    editor.apply(truncated ? 'Marked truncated' : 'Not truncated', [{ kind: 'flag', box: box.client_id, truncated }])
  },
}
export default flagTruncated
