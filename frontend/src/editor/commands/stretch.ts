import { stretched } from '../math/box'
import { isKept } from '../scene/decisions'
import { selectedBox } from '../state'
import { arrowOf } from './chord'
import type { Command } from './command'

const stretch: Command = {
  id: 'stretch',
  title: 'Move the right or bottom edge by 1 pixel',
  group: 'Draw and edit',
  byKeyOnly: true,
  directed: true,
  also: ['track.edit'],
  keys: ['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+ArrowUp', 'Alt+ArrowDown'],
  when: ({ state }) => isKept(selectedBox(state)),
  run(editor, { chord }) {
    const box = editor.state.draft ?? selectedBox(editor.state)
    if (!box || chord === null) return
    const [dx, dy] = arrowOf(chord)
    editor.nudgeTo(stretched(box, dx, dy, editor.frameSize))
  },
}
export default stretch
