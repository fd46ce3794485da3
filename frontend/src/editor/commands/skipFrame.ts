import type { Command } from './command'

const skipFrame: Command = {
  id: 'skip-frame',
  title: 'Skip the frame: leave it for somebody else',
  group: 'Move',
  also: ['track'],
  keys: ['s', 'Mod+Space'],
  hint: 'skip frame',
  run(editor) {
    editor.commitDraft()
    editor.host.skip()
  },
}
export default skipFrame
