import { moved } from '../math/box'
import { selectedBox } from '../state'
import type { Command } from './command'

const OFFSET_PX = 8

const duplicate: Command = {
  id: 'duplicate',
  title: 'Duplicate the box',
  group: 'Draw and edit',
  keys: ['Mod+d'],
  when: ({ state }) => selectedBox(state)?.category != null,
  run(editor) {
    const box = selectedBox(editor.state)
    if (!box) return
    editor.set({ category: box.category })
    editor.create(moved(box, OFFSET_PX, OFFSET_PX, editor.frameSize))
  },
}
export default duplicate
