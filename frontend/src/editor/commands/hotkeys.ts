/** Which key stands for which category: the taxonomy's wish where it is one character that no command holds, else the next free one. */

import type { LabelCategory } from '../scene/label'
import { COMMANDS } from './registry'

const OFFERED = [...'1234567890qryijlpmcv']

/** Category id -> key. Categories beyond the offered keys have none; the palette reaches them. */
export function categoryHotkeys(categories: readonly LabelCategory[]): ReadonlyMap<number, string> {
  const taken = new Set(COMMANDS.flatMap((command) => command.keys))
  const hotkeys = new Map<number, string>()
  const give = (category: LabelCategory, key: string | undefined): void => {
    if (key?.length !== 1 || taken.has(key)) return
    taken.add(key).add(`Shift+${key}`)
    hotkeys.set(category.id, key)
  }
  for (const category of categories) give(category, category.hotkey.toLowerCase())
  for (const category of categories)
    if (!hotkeys.has(category.id))
      give(
        category,
        OFFERED.find((key) => !taken.has(key)),
      )
  return hotkeys
}
