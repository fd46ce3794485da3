import { Placing } from '../tools/pin/Placing'
import type { Command } from './command'

const pinComment: Command = {
  id: 'pin-comment',
  title: 'Comment on a point: click where',
  group: 'Desk',
  keys: ['Shift+i'],
  when: (editor) => editor.state.labelled !== null,
  run(editor) {
    editor.commitDraft()
    editor.enter(new Placing())
  },
}
export default pinComment
