import { centre } from '../math/box'
import { type Camera, centredOn, toImage } from '../math/camera'
import { screenPoint } from '../math/point'
import { selectedBox } from '../state'
import type { Command } from './command'

let before: Camera | null = null

/** One pixel of the frame on one of the screen, around the box or the middle of the view. */
const oneToOne: Command = {
  id: 'one-to-one',
  title: 'Hold for original size',
  group: 'View',
  byKeyOnly: true,
  keys: ['z'],
  run(editor) {
    if (before) return
    const { camera, view } = editor.state
    before = camera
    const box = selectedBox(editor.state)
    const at = box ? centre(box) : toImage(camera, screenPoint(view.width / 2, view.height / 2))
    editor.setCamera(centredOn(at, 1, view))
  },
  release(editor) {
    if (before) editor.setCamera(before)
    before = null
  },
}
export default oneToOne
