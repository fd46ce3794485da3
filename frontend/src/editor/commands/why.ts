import type { Command } from './command'

const why: Command = {
  id: 'why',
  title: 'Show or hide the reasons',
  group: 'View',
  keys: ['w'],
  run: (editor) => editor.prefer({ whyShown: !editor.state.preferences.whyShown }),
}
export default why
