/** Where one key is asked to do two things. */

import { categoryRow, chordsOf, type Keyed, type OwnKeys, profileChords, withCategoryKey } from './ownKeys'
import { holds, type Scope, scopesOf } from './scope'

/** Of one row: the chord, the other row, and which of them acts where both could. */
export interface Clash {
  readonly chord: string
  readonly other: string
  readonly wins: 'either' | 'this' | 'other'
}

interface Claim {
  readonly row: string
  readonly chord: string
  readonly scope: Scope
  /** The profile gives that chord to that command: two such claims are meant to share it. */
  readonly stock: boolean
}

/** Row (command id or `category:NAME`) -> its clashes. `hotkeys`: category name -> key. */
export function clashesOf(
  keyed: readonly Keyed[],
  own: OwnKeys,
  hotkeys: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, readonly Clash[]> {
  const claims = keyed.flatMap((command) => claimsOf(command, own, hotkeys))
  const found = new Map<string, Clash[]>()
  for (const claim of claims) {
    const known = found.get(claim.row) ?? []
    for (const clash of claims.flatMap((other) => clashBetween(claim, other) ?? []))
      if (!known.some(({ chord, other }) => chord === clash.chord && other === clash.other)) known.push(clash)
    if (known.length > 0) found.set(claim.row, known)
  }
  return found
}

function claimsOf(command: Keyed, own: OwnKeys, hotkeys: ReadonlyMap<string, string>): Claim[] {
  const stock = profileChords(command, own.profile)
  const chords = chordsOf(command, own).filter(Boolean)
  return scopesOf(command).flatMap((scope) => {
    if (command.categoryKeys === undefined)
      return chords.map((chord) => ({ row: command.id, chord, scope, stock: stock.includes(chord) }))
    return chords.flatMap((chord) =>
      [...hotkeys].map(([name, key]) => ({
        row: categoryRow(name),
        chord: withCategoryKey(chord, key),
        scope,
        stock: false,
      })),
    )
  })
}

function clashBetween(a: Claim, b: Claim): Clash | null {
  if (a.row === b.row || a.chord !== b.chord || (a.stock && b.stock)) return null
  const within = holds(a.scope, b.scope)
  if (!within && !holds(b.scope, a.scope)) return null
  const wins = a.scope === b.scope ? 'either' : within ? 'other' : 'this'
  return { chord: a.chord, other: b.row, wins }
}
