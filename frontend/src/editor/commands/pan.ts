import { panned } from '../math/camera'
import { arrowOf } from './chord'
import type { Command } from './command'

const STEP_PX = 80

const pan: Command = {
  id: 'pan',
  title: 'Move the view',
  group: 'View',
  scope: 'desk.browse',
  byKeyOnly: true,
  directed: true,
  keys: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
  when: ({ state }) => !state.editing,
  run(editor, { chord }) {
    if (chord === null) return
    const [dx, dy] = arrowOf(chord)
    editor.setCamera(panned(editor.state.camera, -dx * STEP_PX, -dy * STEP_PX))
  },
}
export default pan
