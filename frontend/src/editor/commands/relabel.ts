import { acceptance, relabelling } from '../scene/decisions'
import { selectedBox } from '../state'
import type { Command } from './command'

/** The box is right, its category was not. The same category again is an accept. */
const relabel: Command = {
  id: 'relabel',
  title: 'Relabel and next',
  group: 'Decide',
  scope: 'anywhere',
  keys: [],
  categoryKeys: '',
  decides: true,
  hint: 'relabel',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor, { category }) {
    editor.commitDraft()
    const box = selectedBox(editor.state)
    if (!box || category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    if (box.category === category) editor.decide('Accepted', acceptance(box))
    else editor.decide(`Relabelled ${name}`, relabelling(box, category))
  },
}
export default relabel
