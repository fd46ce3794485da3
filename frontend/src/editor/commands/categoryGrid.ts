import type { Command } from './command'

const categoryGrid: Command = {
  id: 'category-grid',
  title: 'Many crops of this category at once',
  group: 'Desk',
  keys: ['Mod+g'],
  run: (editor) => editor.host.openGrid(),
}
export default categoryGrid
