import { acceptance, titled } from '../scene/decisions'
import { selectedBoxes } from '../state'
import type { Command } from './command'

/** Right as it is. On a box that is decided already it only goes on; a rejected one is taken back in. */
const accept: Command = {
  id: 'accept',
  title: 'Accept and next',
  group: 'Decide',
  scope: 'anywhere',
  keys: ['Enter', 'Mod+Enter'],
  decides: true,
  hint: 'accept',
  run(editor) {
    editor.commitDraft()
    const boxes = selectedBoxes(editor.state)
    editor.decide(titled('Accepted', boxes), boxes.flatMap(acceptance))
  },
}
export default accept
