import { nextShown } from '../scene/order'
import type { Command } from './command'

const previousBox: Command = {
  id: 'previous-box',
  title: 'Previous box',
  group: 'Move',
  keys: ['Shift+Tab'],
  run(editor) {
    const { labelled, selected, preferences } = editor.state
    const previous = nextShown(labelled?.boxes ?? [], selected, -1, preferences.goneShown)
    if (previous) editor.select(previous.client_id)
  },
}
export default previousBox
