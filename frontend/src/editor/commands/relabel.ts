import { acceptance, relabelling, titled } from '../scene/decisions'
import { drawsNext, selectedBoxes } from '../state'
import type { Command } from './command'

/** The box is right, its category was not. The same category again is an accept. Of a box that a person drew nothing was asked: it stays. */
const relabel: Command = {
  id: 'relabel',
  title: 'Relabel and next',
  group: 'Decide',
  scope: 'anywhere',
  keys: [],
  categoryKeys: '',
  decides: true,
  hint: 'relabel',
  when: ({ state }) => !drawsNext(state),
  run(editor, { category }) {
    editor.commitDraft()
    const boxes = selectedBoxes(editor.state)
    if (boxes.length === 0 || category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'category'
    editor.set({ category })
    const others = boxes.filter((box) => box.category !== category)
    const relabelled = `${titled('Relabelled', others)} ${name}`
    if (boxes.every((box) => box.source === 'human'))
      return editor.apply(
        relabelled,
        others.flatMap((box) => relabelling(box, category)),
      )
    const changes = boxes.flatMap((box) => (others.includes(box) ? relabelling(box, category) : acceptance(box)))
    editor.decide(others.length === 0 ? titled('Accepted', boxes) : relabelled, changes)
  },
}
export default relabel
