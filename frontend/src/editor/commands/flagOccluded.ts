import { isKept } from '../scene/decisions'
import { selectedBox } from '../state'
import type { Command } from './command'

const flagOccluded: Command = {
  id: 'flag-occluded',
  title: 'Occluded: something hides a part of it',
  group: 'Draw and edit',
  keys: ['o'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const box = selectedBox(editor.state)
    if (!box) return
    const occluded = !box.occluded
    editor.apply(occluded ? 'Marked occluded' : 'Not occluded', [{ kind: 'flag', box: box.client_id, occluded }])
  },
}
export default flagOccluded
