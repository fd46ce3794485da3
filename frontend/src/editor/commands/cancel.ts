import type { Command } from './command'

/** The innermost thing that is going on: a dialog, a gesture, a draft, edit mode, a selection of several, the zoom. */
const cancel: Command = {
  id: 'cancel',
  title: 'Cancel',
  group: 'Draw and edit',
  also: ['track'],
  keys: ['Escape'],
  run(editor) {
    const { dialog, tool, draft, editing, selected, alongside } = editor.state
    if (dialog) return editor.set({ dialog: null })
    if (tool.path !== 'select.idle') return editor.enter(tool.cancel(editor))
    if (draft) return editor.dropDraft()
    if (editing) return editor.set({ editing: false })
    if (alongside.size > 0) return editor.select(selected, { zoom: false })
    editor.fit()
  },
}
export default cancel
