import type { Command } from './command'

const redo: Command = {
  id: 'redo',
  title: 'Redo',
  group: 'Desk',
  also: ['track'],
  keys: ['Mod+Shift+z', 'Mod+y'],
  run: (editor) => editor.redo(),
}
export default redo
