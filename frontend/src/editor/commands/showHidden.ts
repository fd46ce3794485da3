import { NO_FILTER } from '../scene/filter'
import { nextOpen } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

/** The way back from every filter; where nothing was selected, on to the first box that waits. */
const showHidden: Command = {
  id: 'show-hidden',
  title: 'Show every hidden box',
  group: 'View',
  keys: ['Shift+g'],
  run(editor) {
    editor.prefer({ ...NO_FILTER, boxesHidden: false })
    if (editor.state.selected) return
    const next = nextOpen(shownBoxes(editor.state), null)
    if (next) editor.select(next.client_id)
  },
}
export default showHidden
