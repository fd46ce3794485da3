import type { Command } from './command'

const showGone: Command = {
  id: 'show-gone',
  title: 'Show or hide rejected boxes',
  group: 'View',
  keys: ['g'],
  run: (editor) => editor.prefer({ goneShown: !editor.state.preferences.goneShown }),
}
export default showGone
