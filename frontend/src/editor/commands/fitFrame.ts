import type { Command } from './command'

const fitFrame: Command = {
  id: 'fit-frame',
  title: 'Whole frame',
  group: 'View',
  keys: ['Home'],
  run: (editor) => editor.fit(),
}
export default fitFrame
