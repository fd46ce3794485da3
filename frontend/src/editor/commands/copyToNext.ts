import { isCarriable } from '../scene/carry'
import { selectedBoxes } from '../state'
import type { Command } from './command'

/** On the next frame the object is near the same place: there the copy is selected, ready to be moved. */
const copyToNext: Command = {
  id: 'copy-to-next',
  title: 'Copy to the next frame of the drive, and go there',
  group: 'Draw and edit',
  keys: ['Mod+b'],
  when: ({ state }) => selectedBoxes(state).some(isCarriable),
  run(editor) {
    editor.commitDraft()
    editor.host.carry(selectedBoxes(editor.state).filter(isCarriable))
  },
}
export default copyToNext
