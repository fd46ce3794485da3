import { hiddenInWords } from '../state'
import type { Command } from './command'

/** The key of the category with Alt. The selected box stays in sight whatever it is. */
const hideCategory: Command = {
  id: 'hide-category',
  title: 'Show or hide a category',
  group: 'View',
  keys: [],
  categoryKeys: 'Alt+',
  run(editor, { category }) {
    if (category === null) return
    const { hiddenCategories } = editor.state.preferences
    const hidden = hiddenCategories.includes(category)
    const others = hiddenCategories.filter((id) => id !== category)
    editor.prefer({ hiddenCategories: hidden ? others : [...others, category] })
    const name = editor.state.categories.find(({ id }) => id === category)?.name ?? 'category'
    editor.host.announce(`${hidden ? 'Shown' : 'Hidden'}: ${name}; ${hiddenInWords(editor.state)}`)
  },
}
export default hideCategory
