import type { Command } from './command'

const compare: Command = {
  id: 'compare',
  title: 'Compare two models or two people on this frame',
  group: 'Desk',
  keys: ['Shift+d'],
  when: ({ state }) => state.labelled !== null,
  run(editor) {
    editor.commitDraft()
    editor.set({ dialog: 'compare' })
  },
}
export default compare
