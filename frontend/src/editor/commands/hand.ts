import { Hand } from '../tools/pan/Hand'
import type { Command } from './command'

const hand: Command = {
  id: 'hand',
  title: 'Hold to drag the view',
  group: 'View',
  byKeyOnly: true,
  keys: ['Space'],
  run(editor) {
    const { tool } = editor.state
    if (!tool.path.startsWith('pan')) editor.enter(new Hand(tool.cancel(editor)))
  },
  release(editor) {
    const { tool } = editor.state
    if (tool.path.startsWith('pan')) editor.enter(tool.cancel(editor).cancel(editor))
  },
}
export default hand
