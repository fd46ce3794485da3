import { nextShown } from '../scene/order'
import type { Command } from './command'

const nextBox: Command = {
  id: 'next-box',
  title: 'Next box',
  group: 'Move',
  keys: ['Tab'],
  hint: 'next box',
  run(editor) {
    const { labelled, selected, preferences } = editor.state
    const next = nextShown(labelled?.boxes ?? [], selected, 1, preferences.goneShown)
    if (next) editor.select(next.client_id)
  },
}
export default nextBox
