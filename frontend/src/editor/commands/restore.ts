import { isOpen } from '../scene/label'
import { selectedBox } from '../state'
import type { Command } from './command'

const restore: Command = {
  id: 'restore',
  title: 'Put the box back to undecided',
  group: 'Decide',
  keys: ['u'],
  when({ state }) {
    const box = selectedBox(state)
    return box !== null && !isOpen(box) && box.source !== 'human'
  },
  run(editor) {
    const box = selectedBox(editor.state)
    if (box) editor.apply('Back to undecided', [{ kind: 'restore', box: box.client_id }])
  },
}
export default restore
