import type { Command } from './command'

const SIZES = [1.3, 1.7]

const labelSize: Command = {
  id: 'label-size',
  title: 'Larger labels, then small again',
  group: 'View',
  keys: ['Shift+s'],
  run(editor) {
    const larger = SIZES.find((size) => size > editor.state.preferences.labelSize)
    editor.prefer({ labelSize: larger ?? 1, labelsHidden: false })
  },
}
export default labelSize
