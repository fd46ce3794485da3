import { nextShown } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

const previousBox: Command = {
  id: 'previous-box',
  title: 'Previous box',
  group: 'Move',
  keys: ['Shift+Tab'],
  run(editor) {
    const { selected, preferences } = editor.state
    const previous = nextShown(shownBoxes(editor.state), selected, -1, preferences.goneShown)
    if (previous) editor.select(previous.client_id)
  },
}
export default previousBox
