import { relabelling, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
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
    const boxes = selectedBoxes(editor.state).filter((box) => box.category !== category)
    if (boxes.length === 0 || category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    editor.apply(
      `${titled('Relabelled', boxes)} ${name}`,
      boxes.flatMap((box) => relabelling(box, category)),
    )
  },
}
export default relabelStay
