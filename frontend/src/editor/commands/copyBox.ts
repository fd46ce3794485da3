import { copyBox } from '../clipboard'
import { selectedBox } from '../state'
import type { Command } from './command'

const copy: Command = {
  id: 'copy-box',
  title: 'Copy the box',
  group: 'Draw and edit',
  keys: ['Mod+c'],
  // Text that a person marked in a panel is theirs to copy.
  when: ({ state }) => selectedBox(state)?.category != null && document.getSelection()?.type !== 'Range',
  run(editor) {
    editor.commitDraft()
    const box = selectedBox(editor.state)
    if (!box || box.category === null) return
    copyBox({ ...box, category: box.category })
    editor.host.announce('Copied the box')
  },
}
export default copy
