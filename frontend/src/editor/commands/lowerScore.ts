import { stepped } from '../scene/filter'
import { hiddenInWords } from '../state'
import type { Command } from './command'

const lowerScore: Command = {
  id: 'lower-score',
  title: 'Hide boxes of low score: fewer',
  group: 'View',
  keys: ['<'],
  run(editor) {
    const leastScore = stepped(editor.state.preferences.leastScore, -1)
    editor.prefer({ leastScore })
    editor.host.announce(`Score from ${leastScore.toFixed(2)}: ${hiddenInWords(editor.state)}`)
  },
}
export default lowerScore
