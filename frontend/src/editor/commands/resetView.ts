import { DEFAULT_LOOK } from '../state'
import type { Command } from './command'

const resetView: Command = {
  id: 'reset-view',
  title: 'Put the view back: light, labels, crosshair, nothing hidden',
  group: 'View',
  keys: ['Shift+Home'],
  run(editor) {
    editor.prefer(DEFAULT_LOOK)
    editor.host.announce('The view is as it was at first')
  },
}
export default resetView
