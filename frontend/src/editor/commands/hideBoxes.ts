import type { Command } from './command'

const hideBoxes: Command = {
  id: 'hide-boxes',
  title: 'Show or hide the boxes',
  group: 'View',
  keys: ['h'],
  hint: 'hide boxes',
  run: (editor) => editor.prefer({ boxesHidden: !editor.state.preferences.boxesHidden }),
}
export default hideBoxes
