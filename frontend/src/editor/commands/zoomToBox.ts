import type { Command } from './command'

const zoomToBox: Command = {
  id: 'zoom-to-box',
  title: 'On each box: zoom to it, or keep the whole frame',
  group: 'View',
  keys: ['b'],
  run(editor) {
    editor.prefer({ zoomToBox: !editor.state.preferences.zoomToBox })
    editor.select(editor.state.selected)
  },
}
export default zoomToBox
