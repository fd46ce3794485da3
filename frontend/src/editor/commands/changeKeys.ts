import type { Command } from './command'

const changeKeys: Command = {
  id: 'change-keys',
  title: 'Change the keys',
  group: 'Desk',
  keys: ['F2'],
  run: (editor) => editor.set({ dialog: 'keys' }),
}
export default changeKeys
