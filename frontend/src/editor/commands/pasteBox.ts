import { copiedBox } from '../clipboard'
import { moved } from '../math/box'
import type { Command } from './command'

/** Where it was copied: on the next frame the object is near there. Another taxonomy has other categories. */
const paste: Command = {
  id: 'paste-box',
  title: 'Paste the copied box at the same place',
  group: 'Draw and edit',
  keys: ['Mod+v'],
  when: ({ state }) => state.labelled !== null && state.categories.some(({ id }) => id === copiedBox()?.category),
  run(editor) {
    const box = copiedBox()
    if (!box) return
    editor.commitDraft()
    editor.set({ category: box.category })
    editor.create(moved(box, 0, 0, editor.frameSize))
  },
}
export default paste
