import { openBoxes } from '../scene/order'
import type { Command } from './command'

/** Every proposal that is still open is right, every candidate is nothing; the frame is finished. */
const acceptRest: Command = {
  id: 'accept-rest',
  title: 'Accept the rest and finish the frame',
  group: 'Decide',
  keys: ['Shift+Enter'],
  decides: true,
  hint: 'accept rest',
  run(editor) {
    editor.commitDraft()
    const open = openBoxes(editor.state.labelled?.boxes ?? [])
    editor.decide(
      `Accepted ${open.length} and finished the frame`,
      open.map((box) => ({ kind: box.state === 'missed_candidate' ? 'dismiss' : 'accept', box: box.client_id })),
    )
  },
}
export default acceptRest
