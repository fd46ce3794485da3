import { flagging, isKept, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

const flagTruncated: Command = {
  id: 'flag-truncated',
  title: 'Truncated: cut by the edge of the frame',
  group: 'Draw and edit',
  keys: ['Shift+t'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor) {
    const { on, changes } = flagging(selectedBoxes(editor.state), 'truncated')
    editor.apply(titled(on ? 'Marked truncated' : 'Not truncated', changes), changes)
  },
}
export default flagTruncated
