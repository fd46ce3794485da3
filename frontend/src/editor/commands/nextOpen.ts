import { nextOpen as nextOpenAfter } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

const nextOpen: Command = {
  id: 'next-open',
  title: 'Next undecided box',
  group: 'Move',
  scope: 'desk.browse',
  keys: ['ArrowRight', 'Mod+ArrowRight'],
  when: ({ state }) => !state.editing,
  run(editor) {
    const next = nextOpenAfter(shownBoxes(editor.state), editor.state.selected)
    if (next) editor.select(next.client_id)
    else editor.tellHidden()
  },
}
export default nextOpen
