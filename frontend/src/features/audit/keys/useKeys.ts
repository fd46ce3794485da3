/** How components read the person's keys. */

import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useMe } from '../../../api/me'
import { spoken } from '../../../editor/commands/chord'
import { KEYED } from '../../../editor/keys/keyed'
import { actingChords, type Keyed, type OwnKeys, withCategoryKey } from '../../../editor/keys/ownKeys'
import { keyStore, loadKeys } from './keyStore'

export const useOwnKeys = (): OwnKeys => useStore(keyStore, ({ keys }) => keys)

/** A page that acts on keys begins with this, and takes none while it is false: whose keys count is not known yet. */
export function useKeysOfPerson(): boolean {
  const id = useMe()?.id
  useEffect(() => {
    if (id !== undefined) void loadKeys(id)
  }, [id])
  return useStore(keyStore, ({ known }) => known)
}

/** The key of a command as it stands on a cap; '' where the person has none for it. */
export function useKeyCap(): (id: string) => string {
  const own = useOwnKeys()
  return (id) => {
    const command = KEYED.find((one) => one.id === id)
    return command ? capOf(command, own) : ''
  }
}

/** Of a directed command all four arrows; of what every category has a key for what those have in common. */
export function capOf(command: Keyed, own: OwnKeys): string {
  const chords = actingChords(command, own)
  const shown = command.directed ? chords.slice(0, 4) : chords.slice(0, 1)
  return withCategoryKey(shown.map(spoken).join(' '), '1–9')
}
