import type { Command } from './command'

const zoomIn: Command = {
  id: 'zoom-in',
  title: 'Zoom in',
  group: 'View',
  keys: ['.', '+'],
  run: (editor) => editor.zoomBy(1.25),
}
export default zoomIn
