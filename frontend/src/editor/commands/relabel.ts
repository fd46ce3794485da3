import { acceptance, relabelling, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

/** The box is right, its category was not. The same category again is an accept. */
const relabel: Command = {
  id: 'relabel',
  title: 'Relabel and next',
  group: 'Decide',
  keys: [],
  categoryKeys: '',
  decides: true,
  hint: 'relabel',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor, { category }) {
    editor.commitDraft()
    const boxes = selectedBoxes(editor.state)
    if (boxes.length === 0 || category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    const same = boxes.every((box) => box.category === category)
    const changes = boxes.flatMap((box) => (box.category === category ? acceptance(box) : relabelling(box, category)))
    editor.decide(same ? titled('Accepted', boxes) : `${titled('Relabelled', boxes)} ${name}`, changes)
  },
}
export default relabel
