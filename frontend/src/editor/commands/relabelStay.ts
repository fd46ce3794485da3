import { relabelling } from '../scene/decisions'
import { selectedBox } from '../state'
import type { Command } from './command'

const relabelStay: Command = {
  id: 'relabel-stay',
  title: 'Relabel and stay on the box',
  group: 'Decide',
  keys: [],
  categoryKeys: 'Shift+',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor, { category }) {
    editor.commitDraft()
    const box = selectedBox(editor.state)
    if (!box || category === null || box.category === category) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    editor.apply(`Relabelled ${name}`, relabelling(box, category))
  },
}
export default relabelStay
