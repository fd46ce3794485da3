/** A person's preferences of the desk stay in this browser. */

import type { Editor } from '../../../editor/editor'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../editor/state'

const KEY = 'headway.desk.preferences'

/** Read them into the editor, and write every later change. */
export function rememberPreferences(editor: Editor): () => void {
  editor.prefer(storedPreferences())
  let known = editor.state.preferences
  return editor.subscribe(() => {
    if (editor.state.preferences === known) return
    known = editor.state.preferences
    localStorage.setItem(KEY, JSON.stringify(known))
  })
}

/** What an older page or a curious person left there may be anything: only known keys of the right type count. */
export function storedPreferences(): Partial<Preferences> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof found !== 'object' || found === null) return {}
    const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_PREFERENCES }
    return Object.fromEntries(Object.entries(found).filter(([key, value]) => sameKind(value, defaults[key])))
  } catch {
    return {}
  }
}

const sameKind = (value: unknown, like: unknown): boolean =>
  typeof value === typeof like && Array.isArray(value) === Array.isArray(like) && value !== null
