import type { Command } from './command'

const crosshair: Command = {
  id: 'crosshair',
  title: 'Show or hide the crosshair',
  group: 'View',
  keys: ['Shift+x'],
  run: (editor) => editor.prefer({ crosshair: !editor.state.preferences.crosshair }),
}
export default crosshair
