import type { Command } from './command'

const undo: Command = {
  id: 'undo',
  title: 'Undo, and go back to it',
  group: 'Desk',
  scope: 'anywhere',
  keys: ['Mod+z'],
  hint: 'undo',
  run: (editor) => editor.undo(),
}
export default undo
