import type { Command } from './command'

const palette: Command = {
  id: 'palette',
  title: 'Find a command',
  group: 'Desk',
  keys: ['Mod+k'],
  hint: 'commands',
  run: (editor) => editor.set({ dialog: 'palette' }),
}
export default palette
