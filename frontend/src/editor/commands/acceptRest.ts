import { acceptance, rejection } from '../scene/decisions'
import { openBoxes } from '../scene/order'
import { shownBoxes } from '../state'
import type { Command } from './command'

/** Every proposal that is shown and still open is right, every candidate is nothing; the frame is finished, if none is hidden. */
const acceptRest: Command = {
  id: 'accept-rest',
  title: 'Accept the rest and finish the frame',
  group: 'Decide',
  scope: 'anywhere',
  keys: ['Shift+Enter'],
  decides: true,
  hint: 'accept rest',
  run(editor) {
    editor.commitDraft()
    const open = openBoxes(shownBoxes(editor.state))
    const candidates = open.filter((box) => box.state === 'missed_candidate')
    const proposals = open.filter((box) => box.state === 'pending')
    const dismissed = candidates.length > 0 ? `, dismissed ${candidates.length}` : ''
    editor.decide(`Accepted ${proposals.length}${dismissed}`, [
      ...proposals.flatMap(acceptance),
      ...candidates.flatMap(rejection),
    ])
  },
}
export default acceptRest
