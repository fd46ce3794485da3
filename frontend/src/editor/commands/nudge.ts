import { moved } from '../math/box'
import { isKept } from '../scene/decisions'
import { selectedBox } from '../state'
import { arrowOf } from './chord'
import type { Command } from './command'

const FAR_PX = 10

const nudge: Command = {
  id: 'nudge',
  title: 'Move the box by 1 pixel (Shift: 10)',
  group: 'Draw and edit',
  scope: 'desk.edit',
  byKeyOnly: true,
  directed: true,
  also: ['track.edit'],
  keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].flatMap((key) => [key, `Shift+${key}`]),
  when: ({ state }) => state.editing && isKept(selectedBox(state)),
  run(editor, { chord }) {
    const box = editor.state.draft ?? selectedBox(editor.state)
    if (!box || chord === null) return
    const [dx, dy] = arrowOf(chord)
    const far = chord.startsWith('Shift+') ? FAR_PX : 1
    editor.nudgeTo(moved(box, dx * far, dy * far, editor.frameSize))
  },
}
export default nudge
