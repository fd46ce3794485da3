/** The ways to rank a queue, on their way to a plot and a table. */
import type { AuditCurve, RankingName } from '../../api/types'

/** In the order in which they are told; ours first. */
export const RANKINGS: readonly RankingName[] = ['risk', 'priority', 'confidence', 'margin', 'entropy', 'objectlab']
/** Drawn before anybody chooses. */
export const FIRST_SHOWN: readonly RankingName[] = ['risk', 'confidence']

/** Hues that stay apart from each other on light and on dark. */
export const COLOURS: Record<RankingName, string> = {
  risk: '#4c8bf5',
  priority: '#0c9aa8',
  confidence: '#e8590c',
  margin: '#ae3ec9',
  entropy: '#e0a100',
  objectlab: '#2b9a66',
}

export type Verdict = 'better' | 'worse' | 'open' | 'unknown'

/** Whether a ranking finds errors earlier than confidence alone, beyond the interval of chance. */
export function verdictOf(curve: AuditCurve, name: RankingName): Verdict {
  const ranking = curve.rankings[name]
  if (ranking?.difference_low == null || ranking.difference_high == null) return 'unknown'
  if (ranking.difference_low > 0) return 'better'
  return ranking.difference_high < 0 ? 'worse' : 'open'
}

/** Columns of a plot: shares audited, the diagonal of a random order, the perfect one, then the chosen rankings. */
export function columnsOf(curve: AuditCurve, shown: readonly RankingName[]): number[][] {
  return [curve.shares, curve.shares, curve.perfect, ...shown.map((name) => curve.rankings[name]?.found ?? [])]
}

/** Those of the names that the curve has, in order. */
export function known(curve: AuditCurve, names: readonly string[]): RankingName[] {
  return RANKINGS.filter((name) => names.includes(name) && curve.rankings[name])
}

/** What of the errors is found in the first share of the queue. */
export function foundAt(curve: AuditCurve, name: RankingName, share: number): number | null {
  const at = curve.shares.findIndex((each) => each >= share - 1e-9)
  return curve.rankings[name]?.found[at] ?? null
}
