/** The rows of the settings: one for each command, for each direction of a directed one, and for each category. */

import { categoryHotkeys } from '../../../editor/commands/hotkeys'
import { KEYED } from '../../../editor/keys/keyed'
import {
  CATEGORY,
  categoryRow,
  chordsOf,
  type Keyed,
  type OwnKeys,
  profileChords,
  rebound,
} from '../../../editor/keys/ownKeys'
import type { LabelCategory } from '../../../editor/scene/label'

export interface KeyRow {
  readonly key: string
  /** What `OwnKeys.keys` calls it. */
  readonly id: string
  readonly command: Keyed | null
  readonly category: string | null
  /** Of a directed command: which direction. */
  readonly place: number | null
  readonly chords: readonly string[]
  readonly changed: boolean
}

export function keyRows(own: OwnKeys, categories: readonly LabelCategory[]): KeyRow[] {
  return [...KEYED.flatMap((command) => rowsOf(command, own)), ...categoryRows(own, categories)]
}

function rowsOf(command: Keyed, own: OwnKeys): KeyRow[] {
  const chords = chordsOf(command, own)
  const stock = profileChords(command, own.profile)
  const row = { id: command.id, command, category: null }
  if (!command.directed)
    return [{ ...row, key: command.id, place: null, chords, changed: chords.join(' ') !== stock.join(' ') }]
  return command.keys.map((direction, place) => ({
    ...row,
    key: `${command.id} ${direction}`,
    place,
    chords: [chords[place] ?? ''].filter(Boolean),
    changed: chords[place] !== stock[place],
  }))
}

function categoryRows(own: OwnKeys, categories: readonly LabelCategory[]): KeyRow[] {
  const hotkeys = categoryHotkeys(categories, own)
  return categories.map(({ id, name }) => {
    const row = categoryRow(name)
    const key = hotkeys.get(id)
    const common = { key: row, id: row, command: null, category: name, place: null }
    return { ...common, chords: key ? [key] : [], changed: own.keys[row] !== undefined }
  })
}

/** The keys with `chord` added to the row. A direction and a category have one key, which it replaces. */
export function withChord(own: OwnKeys, row: KeyRow, chord: string): OwnKeys {
  if (row.category !== null) return rebound(own, row.id, [chord])
  if (row.place !== null) return withDirection(own, row, chord)
  const kept = row.chords.filter((one) => one !== chord)
  return rebound(own, row.id, [...kept, chord])
}

export function withoutChord(own: OwnKeys, row: KeyRow, chord: string): OwnKeys {
  if (row.place !== null) return withDirection(own, row, '')
  return rebound(
    own,
    row.id,
    row.chords.filter((one) => one !== chord),
  )
}

/** One row as the profile has it. */
export function asInProfile(own: OwnKeys, row: KeyRow): OwnKeys {
  if (row.place === null || !row.command) return rebound(own, row.id, null)
  return withDirection(own, row, profileChords(row.command, own.profile)[row.place] ?? '')
}

/** What a press gives the row: a category one character, "Mod+1" on a row for all categories "Mod+Category"; null when it can't be. */
export function chordFor(row: KeyRow, chord: string): string | null {
  if (row.category !== null) return /^[^\s+]$/.test(chord) ? chord : null
  if (row.command?.categoryKeys === undefined) return chord
  return chord.replace(/[^+]+$|\+$/, CATEGORY)
}

function withDirection(own: OwnKeys, row: KeyRow, chord: string): OwnKeys {
  if (!row.command) return own
  const stock = profileChords(row.command, own.profile)
  const chords = chordsOf(row.command, own).map((one, place) => (place === row.place ? chord : one))
  return rebound(own, row.id, chords.join(' ') === stock.join(' ') ? null : chords)
}
