import { flagging, isKept, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

const flagCrowd: Command = {
  id: 'flag-crowd',
  title: 'Crowd: several objects in one box',
  group: 'Draw and edit',
  keys: ['k'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const { on, changes } = flagging(selectedBoxes(editor.state), 'crowd')
    editor.apply(titled(on ? 'Marked crowd' : 'Not crowd', changes), changes)
  },
}
export default flagCrowd
