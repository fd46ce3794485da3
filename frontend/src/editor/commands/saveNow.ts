import type { Command } from './command'

const saveNow: Command = {
  id: 'save-now',
  title: 'Send what waits now',
  group: 'Desk',
  keys: ['Mod+s'],
  run(editor) {
    editor.commitDraft()
    editor.host.saveNow()
  },
}
export default saveNow
