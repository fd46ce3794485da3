import { flagging, isKept, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

const flagOccluded: Command = {
  id: 'flag-occluded',
  title: 'Occluded: something hides a part of it',
  group: 'Draw and edit',
  keys: ['o'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const { on, changes } = flagging(selectedBoxes(editor.state), 'occluded')
    editor.apply(titled(on ? 'Marked occluded' : 'Not occluded', changes), changes)
  },
}
export default flagOccluded
