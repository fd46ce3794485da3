import { acceptance, relabelling } from '../scene/decisions'
import { drawsNext, selectedBox } from '../state'
import type { Command } from './command'

/** The box is right, its category was not. The same category again is an accept. Of a box that a person drew nothing was asked: it stays. */
const relabel: Command = {
  id: 'relabel',
  title: 'Relabel and next',
  group: 'Decide',
  keys: [],
  categoryKeys: '',
  decides: true,
  hint: 'relabel',
  when: ({ state }) => !drawsNext(state),
  run(editor, { category }) {
    editor.commitDraft()
    const box = selectedBox(editor.state)
    if (!box || category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    if (box.source === 'human') {
      if (box.category !== category) editor.apply(`Relabelled ${name}`, relabelling(box, category))
    } else if (box.category === category) editor.decide('Accepted', acceptance(box))
    else editor.decide(`Relabelled ${name}`, relabelling(box, category))
  },
}
export default relabel
