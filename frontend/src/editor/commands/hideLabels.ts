import type { Command } from './command'

const hideLabels: Command = {
  id: 'hide-labels',
  title: 'Show or hide the labels',
  group: 'View',
  keys: ['Shift+h'],
  run: (editor) => editor.prefer({ labelsHidden: !editor.state.preferences.labelsHidden }),
}
export default hideLabels
