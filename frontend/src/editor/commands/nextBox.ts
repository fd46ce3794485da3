import { nextShown } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

const nextBox: Command = {
  id: 'next-box',
  title: 'Next box',
  group: 'Move',
  keys: ['Tab'],
  hint: 'next box',
  run(editor) {
    const { selected, preferences } = editor.state
    const next = nextShown(shownBoxes(editor.state), selected, 1, preferences.goneShown)
    if (next) editor.select(next.client_id)
  },
}
export default nextBox
