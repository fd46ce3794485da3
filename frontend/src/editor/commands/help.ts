import type { Command } from './command'

const help: Command = {
  id: 'help',
  title: 'All keys',
  group: 'Desk',
  keys: ['?', 'F1'],
  hint: 'all keys',
  run: (editor) => editor.set({ dialog: 'help' }),
}
export default help
