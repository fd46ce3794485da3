import { selectedBox } from '../state'
import type { Command } from './command'

const editBox: Command = {
  id: 'edit-box',
  title: 'Edit the box: arrows move it',
  group: 'Draw and edit',
  also: ['track'],
  keys: ['e'],
  hint: 'edit',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    editor.commitDraft()
    editor.set({ editing: !editor.state.editing })
  },
}
export default editBox
