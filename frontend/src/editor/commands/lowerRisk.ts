import { stepped } from '../scene/filter'
import { hiddenInWords } from '../state'
import type { Command } from './command'

const lowerRisk: Command = {
  id: 'lower-risk',
  title: 'Hide boxes of low risk: fewer',
  group: 'View',
  keys: ['{'],
  run(editor) {
    const leastRisk = stepped(editor.state.preferences.leastRisk, -1)
    editor.prefer({ leastRisk })
    editor.host.announce(`Risk from ${leastRisk.toFixed(2)}: ${hiddenInWords(editor.state)}`)
  },
}
export default lowerRisk
