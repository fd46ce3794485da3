import { isKept } from '../scene/decisions'
import { selectedBox } from '../state'
import type { Command } from './command'

const flagCrowd: Command = {
  id: 'flag-crowd',
  title: 'Crowd: several objects in one box',
  group: 'Draw and edit',
  keys: ['k'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const box = selectedBox(editor.state)
    if (!box) return
    const crowd = !box.crowd
    editor.apply(crowd ? 'Marked crowd' : 'Not crowd', [{ kind: 'flag', box: box.client_id, crowd }])
  },
}
export default flagCrowd
