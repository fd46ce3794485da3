/** The keys as a person set them: a profile, and own chords for some commands. Everything that acts on keys or shows them asks here. */

import { isSingleKey } from '../commands/chord'
import type { CommandGroup } from '../commands/command'
import { PROFILES, type Profile } from './profiles'
import type { Scope } from './scope'

/** What has keys: a command of the desk, or one of the grid. */
export interface Keyed {
  readonly id: string
  readonly title: string
  readonly group: CommandGroup
  readonly keys: readonly string[]
  readonly categoryKeys?: string
  /** Each chord means something of its own (a direction), so each is set by its place in `keys`. */
  readonly directed?: boolean
  readonly scope?: Scope
  /** Another mode where its keys do the same. */
  readonly also?: readonly Scope[]
}

export interface OwnKeys {
  readonly profile: Profile
  /** WCAG 2.1.4: shortcuts of one character can be switched off. */
  readonly singleKeys: boolean
  /** Command id -> chords, where they are the person's own. `category:NAME` has the one key of a category. */
  readonly keys: Readonly<Record<string, readonly string[]>>
}

export const STOCK_KEYS: OwnKeys = { profile: 'default', singleKeys: true, keys: {} }

/** In a chord: the key of whichever category is meant. "Shift+Category" with a truck on 2 is "Shift+2". */
export const CATEGORY = 'Category'

export const categoryRow = (name: string): string => `category:${name}`

/** Every chord that calls the command; of a directed one by direction, '' where that has none. */
export function chordsOf(command: Keyed, own: OwnKeys): readonly string[] {
  const chosen = own.keys[command.id]
  return chosen && fits(command, chosen) ? chosen : profileChords(command, own.profile)
}

/** The command's chords before the person changed any. */
export function profileChords(command: Keyed, profile: Profile): readonly string[] {
  const stock = command.categoryKeys === undefined ? command.keys : [`${command.categoryKeys}${CATEGORY}`]
  const chosen = PROFILES[profile][command.id]
  return chosen && fits(command, chosen) ? chosen : stock
}

/** The chords that act now: with single characters switched off, the others. */
export const actingChords = (command: Keyed, own: OwnKeys): readonly string[] =>
  chordsOf(command, own).filter(
    (chord) => chord !== '' && (own.singleKeys || !isSingleKey(withCategoryKey(chord, '1'))),
  )

/** The chord that calls the command for the category of that key; '' where nothing acts. */
export function categoryChord(command: Keyed, own: OwnKeys, key: string | undefined): string {
  const [pattern] = key === undefined ? [] : chordsOf(command, own)
  const chord = pattern === undefined ? '' : withCategoryKey(pattern, key ?? '')
  return own.singleKeys || !isSingleKey(chord) ? chord : ''
}

/** The chord with a category's key in it. */
export const withCategoryKey = (chord: string, key: string): string => chord.replace(CATEGORY, key)

/** The same keys with the command's chords replaced, or as the profile has them again. */
export function rebound(own: OwnKeys, id: string, chords: readonly string[] | null): OwnKeys {
  const { [id]: _, ...others } = own.keys
  return { ...own, keys: chords === null ? others : { ...others, [id]: chords } }
}

/** A list of another length is of another version of the command: its directions would be mixed up. */
const fits = (command: Keyed, chords: readonly string[]): boolean =>
  command.directed !== true || chords.length === command.keys.length
