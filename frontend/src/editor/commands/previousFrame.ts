import type { Command } from './command'

const previousFrame: Command = {
  id: 'previous-frame',
  title: 'Previous frame',
  group: 'Move',
  also: ['track'],
  keys: ['d'],
  run(editor) {
    editor.commitDraft()
    editor.host.step(-1)
  },
}
export default previousFrame
