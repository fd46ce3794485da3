import type { Command } from './command'

const zoomOut: Command = {
  id: 'zoom-out',
  title: 'Zoom out',
  group: 'View',
  keys: [',', '-'],
  run: (editor) => editor.zoomBy(0.8),
}
export default zoomOut
