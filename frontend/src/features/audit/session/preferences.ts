/** A person's preferences of the desk stay in this browser; two people who share it keep their own. */

import type { Editor } from '../../../editor/editor'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../editor/state'

/** Before they were kept by person, all people of a browser shared these. */
const SHARED_KEY = 'headway.desk.preferences'

/** `owner` as the journal names it, `<person>@<workspace>`: preferences go with the person to every workspace. */
const keyOf = (owner: string): string => `${SHARED_KEY}.${owner.split('@')[0]}`

/** Read them into the editor, and write every later change. */
export function rememberPreferences(editor: Editor, owner: string): () => void {
  editor.prefer(storedPreferences(owner))
  let known = editor.state.preferences
  return editor.subscribe(() => {
    if (editor.state.preferences === known) return
    known = editor.state.preferences
    localStorage.setItem(keyOf(owner), JSON.stringify(known))
  })
}

/** What an older page or a curious person left there may be anything: only known keys of the right type count. */
export function storedPreferences(owner: string): Partial<Preferences> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(keyOf(owner)) ?? localStorage.getItem(SHARED_KEY) ?? '{}')
    if (typeof found !== 'object' || found === null) return {}
    const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_PREFERENCES }
    return Object.fromEntries(Object.entries(found).filter(([key, value]) => sameKind(value, defaults[key])))
  } catch {
    return {}
  }
}

const sameKind = (value: unknown, like: unknown): boolean =>
  typeof value === typeof like && Array.isArray(value) === Array.isArray(like) && value !== null
