import { acceptance } from '../scene/decisions'
import { selectedBox } from '../state'
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
    const box = selectedBox(editor.state)
    editor.decide('Accepted', box ? acceptance(box) : [])
  },
}
export default accept
