import { doubting, titled } from '../scene/decisions'
import { selectedBox, selectedBoxes } from '../state'
import type { Command } from './command'

/** Left as it is for now: somebody else gets the frame too, and a lead where the two differ. */
const unsure: Command = {
  id: 'unsure',
  title: 'Unsure: ask somebody else, and next',
  group: 'Decide',
  keys: ['q'],
  decides: true,
  hint: 'unsure',
  when: ({ state }) => selectedBox(state) !== null,
  run(editor) {
    editor.commitDraft()
    const boxes = selectedBoxes(editor.state)
    editor.decide(titled('Unsure', boxes), boxes.flatMap(doubting))
  },
}
export default unsure
