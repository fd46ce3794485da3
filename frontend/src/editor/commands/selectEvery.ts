import { questionFirst } from '../state'
import type { Command } from './command'

/** The box in question stays the first of them. */
const selectEvery: Command = {
  id: 'select-every',
  title: 'Select every box that is shown',
  group: 'Move',
  keys: ['Mod+a'],
  run: (editor) => editor.selectAll(questionFirst(editor.state, () => true)),
}
export default selectEvery
