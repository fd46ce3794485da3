import type { Command } from './command'

const comment: Command = {
  id: 'comment',
  title: 'Comment on the selected box or the frame',
  group: 'Desk',
  keys: ['i'],
  hint: 'comment',
  when: (editor) => editor.state.labelled !== null,
  run: (editor) => editor.set({ dialog: 'comment', pinPoint: null }),
}
export default comment
