import type { Command } from './command'

const nextFrame: Command = {
  id: 'next-frame',
  title: 'Next frame',
  group: 'Move',
  also: ['track'],
  keys: ['f'],
  hint: 'next frame',
  run(editor) {
    editor.commitDraft()
    editor.host.step(1)
  },
}
export default nextFrame
