/** Bins of a histogram as a brush sees them: every bin is as wide as the next on the screen, whatever it spans. */

/** The part of the bins that a drag from one place to another covers, as values; null where it covers all or nothing. */
export function brushed(edges: readonly number[], from: number, to: number): readonly [number, number] | null {
  const bins = edges.length - 1
  const low = Math.max(0, Math.floor(Math.min(from, to) + 0.5))
  const high = Math.min(bins - 1, Math.floor(Math.max(from, to) + 0.5))
  if (high < low || (low === 0 && high === bins - 1)) return null
  return [edges[low] as number, edges[high + 1] as number]
}

/** Whole numbers stand for the whole of what begins there: hours 6 to 8 are the bins 6, 7 and 8. */
export const lastWhole = (end: number): number => Math.max(0, end - 1)

/** Where a value lies among the bins, in bins from the left. */
export function placeOf(edges: readonly number[], value: number): number {
  const above = edges.findIndex((edge) => edge > value)
  if (above === 0) return 0
  if (above === -1) return edges.length - 1
  const low = edges[above - 1] as number
  return above - 1 + (value - low) / ((edges[above] as number) - low)
}
