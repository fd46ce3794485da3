import { Ready } from '../tools/draw/Ready'
import type { Command } from './command'

const drawBox: Command = {
  id: 'draw-box',
  title: 'Draw a box',
  group: 'Draw and edit',
  keys: ['n'],
  hint: 'draw',
  run(editor) {
    editor.commitDraft()
    editor.enter(new Ready())
  },
}
export default drawBox
