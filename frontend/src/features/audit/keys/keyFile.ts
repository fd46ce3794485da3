/** Keys as a JSON file: to carry them to another installation, or to hand them to a colleague. */

import type { OwnKeys } from '../../../editor/keys/ownKeys'
import { PROFILE_NAMES } from '../../../editor/keys/profiles'

const KIND = 'headway-keys'

export const fileOf = (keys: OwnKeys): string => `${JSON.stringify({ kind: KIND, ...keys }, null, 2)}\n`

/** The keys that a file holds; null for a file that holds something else. */
export function keysIn(text: string): OwnKeys | null {
  try {
    const found: unknown = JSON.parse(text)
    if (!isOwnKeys(found) || (found as { kind?: unknown }).kind !== KIND) return null
    const { profile, singleKeys, keys } = found
    return { profile, singleKeys, keys }
  } catch {
    return null
  }
}

export function isOwnKeys(found: unknown): found is OwnKeys {
  if (typeof found !== 'object' || found === null) return false
  const { profile, singleKeys, keys } = found as Record<string, unknown>
  const chords = typeof keys === 'object' && keys !== null ? Object.values(keys) : [null]
  return (
    PROFILE_NAMES.some((name) => name === profile) &&
    typeof singleKeys === 'boolean' &&
    chords.every((list) => Array.isArray(list) && list.every((chord) => typeof chord === 'string'))
  )
}
