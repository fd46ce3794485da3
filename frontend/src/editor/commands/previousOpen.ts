import { nextOpen } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

const previousOpen: Command = {
  id: 'previous-open',
  title: 'Previous undecided box',
  group: 'Move',
  scope: 'desk.browse',
  keys: ['ArrowLeft', 'Mod+ArrowLeft'],
  when: ({ state }) => !state.editing,
  run(editor) {
    const previous = nextOpen(shownBoxes(editor.state), editor.state.selected, -1)
    if (previous) editor.select(previous.client_id)
    else editor.tellHidden()
  },
}
export default previousOpen
