import { nextShown } from '../scene/order'
import { isSelected, selectedBox, selectedBoxes, shownBoxes } from '../state'
import type { Command } from './command'

/** Several boxes without a pointer. */
const selectNextToo: Command = {
  id: 'select-next-too',
  title: 'Select the next box too',
  group: 'Move',
  keys: ['Shift+a'],
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    const { state } = editor
    const last = [...state.alongside].at(-1) ?? state.selected
    const next = nextShown(shownBoxes(state), last, 1, state.preferences.goneShown)
    if (next && !isSelected(state, next)) editor.selectAll([...selectedBoxes(state), next])
  },
}
export default selectNextToo
