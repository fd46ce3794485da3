/** Which key stands for which category: the person's own, else the taxonomy's wish where it is one character that is free, else the next free one. */

import { categoryRow, chordsOf, type OwnKeys, STOCK_KEYS, withCategoryKey } from '../keys/ownKeys'
import type { LabelCategory } from '../scene/label'
import { COMMANDS } from './registry'

const OFFERED = [...'1234567890qryijlpmcv']
/** Reload, print, close: no category is worth one of the browser's. */
const CTRL_LETTER = /^Mod\+(Shift\+)?[a-z]$/

/** Category id -> key. Categories beyond the offered keys have none; the palette reaches them. */
export function categoryHotkeys(
  categories: readonly LabelCategory[],
  own: OwnKeys = STOCK_KEYS,
): ReadonlyMap<number, string> {
  const patterns = COMMANDS.filter(({ categoryKeys }) => categoryKeys !== undefined).flatMap((one) =>
    chordsOf(one, own),
  )
  const chords = (key: string): string[] => patterns.map((pattern) => withCategoryKey(pattern, key))
  const taken = new Set(COMMANDS.flatMap((command) => chordsOf(command, own)))
  const hotkeys = new Map<number, string>()
  const give = (category: LabelCategory, key: string): void => {
    for (const chord of chords(key)) taken.add(chord)
    hotkeys.set(category.id, key)
  }
  const free = (key: string): boolean =>
    key.length === 1 && !chords(key).some((chord) => taken.has(chord) || CTRL_LETTER.test(chord))

  for (const category of categories) {
    const [key] = own.keys[categoryRow(category.name)] ?? []
    if (key) give(category, key)
  }
  const wished = categories.filter(({ id }) => !hotkeys.has(id))
  for (const category of wished) if (free(category.hotkey.toLowerCase())) give(category, category.hotkey.toLowerCase())
  for (const category of wished) {
    const key = hotkeys.has(category.id) ? undefined : OFFERED.find(free)
    if (key) give(category, key)
  }
  return hotkeys
}
