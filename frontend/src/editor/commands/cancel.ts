import type { Command } from './command'

/** The innermost thing that is going on: a dialog, a gesture, a draft, edit mode, the selection's zoom. */
const cancel: Command = {
  id: 'cancel',
  title: 'Cancel',
  group: 'Draw and edit',
  keys: ['Escape'],
  run(editor) {
    const { dialog, tool, draft, editing } = editor.state
    if (dialog) return editor.set({ dialog: null })
    if (tool.path !== 'select.idle') return editor.enter(tool.cancel(editor))
    if (draft) return editor.dropDraft()
    if (editing) return editor.set({ editing: false })
    editor.fit()
  },
}
export default cancel
