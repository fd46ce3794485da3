/** A card's counts under the names that the page shows. */
import type { DataCard, SplitCard } from '../../api/types'

/** Some names said in the reader's language, in the order that they have. */
export function named(counts: Record<string, number>, words: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [words[name] ?? name, count]))
}

/** Risk by tenths, and the labels that were given none, which a person drew. */
export function riskBins({ risk, without_risk }: Pick<SplitCard, 'risk' | 'without_risk'>, none: string) {
  const bins = risk.map((count, k) => [`${(k / 10).toFixed(1)}–${((k + 1) / 10).toFixed(1)}`, count] as const)
  return Object.fromEntries(without_risk > 0 ? [...bins, [none, without_risk] as const] : bins)
}

export interface GapLine {
  code: string
  split: string
  /** Of the categories; the rare ones with their counts. */
  names: string
  count: number
}

/** One line for each kind of gap of a split, in the order that they came in. */
export function gapLines(gaps: DataCard['gaps']): GapLine[] {
  const lines = new Map<string, GapLine>()
  for (const { code, split, name, count } of gaps) {
    const key = `${code} ${split}`
    const told = count > 0 ? `${name} (${count})` : name
    const line = lines.get(key)
    if (line) line.names += `, ${told}`
    else lines.set(key, { code, split, names: told, count })
  }
  return [...lines.values()]
}
