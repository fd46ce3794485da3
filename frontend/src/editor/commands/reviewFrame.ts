import type { Command } from './command'

const reviewFrame: Command = {
  id: 'review-frame',
  title: 'Review this frame: accept, return, reopen',
  group: 'Desk',
  keys: ['Mod+i'],
  when: (editor) => editor.state.labelled !== null,
  run: (editor) => editor.set({ dialog: 'review' }),
}
export default reviewFrame
