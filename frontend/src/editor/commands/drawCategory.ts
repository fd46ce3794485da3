import { drawsNext } from '../state'
import { Ready } from '../tools/draw/Ready'
import type { Command } from './command'

/** With no box in question a category's key begins one of it; while drawing it says what the next one is. */
const drawCategory: Command = {
  id: 'draw-category',
  title: 'Draw a box of this category',
  group: 'Draw and edit',
  byKeyOnly: true,
  keys: [],
  categoryKeys: '',
  when: ({ state }) => state.labelled !== null && drawsNext(state),
  run(editor, { category }) {
    if (category === null) return
    const name = editor.state.categories.find((one) => one.id === category)?.name ?? 'box'
    editor.set({ category })
    editor.enter(new Ready())
    editor.host.announce(`Draw ${name}`)
  },
}
export default drawCategory
