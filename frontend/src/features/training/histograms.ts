/** Histograms of a run, moment by moment, on their way to a picture. */
import type { Histogram, Weighed } from '../../api/types'

export interface Moment {
  iteration: number
  histogram: Histogram
}

/** Everything that was weighed at some time. */
export function weighedNames(moments: readonly Weighed[]): string[] {
  return [...new Set(moments.flatMap(({ by_name }) => Object.keys(by_name)))].sort()
}

/** The moments that know `name`. */
export function momentsOf(moments: readonly Weighed[], name: string): Moment[] {
  return moments.flatMap(({ iteration, by_name }) => {
    const histogram = by_name[name]
    return histogram ? [{ iteration, histogram }] : []
  })
}

/** The range that holds all of them. */
export function rangeOf(moments: readonly Moment[]): { low: number; high: number } {
  const lows = moments.map(({ histogram }) => histogram.low)
  const highs = moments.map(({ histogram }) => histogram.high)
  return { low: Math.min(...lows), high: Math.max(...highs) }
}

/** For each moment the share of its values in each of `rows` equal bins of the common range, low to high; a bin that straddles is split evenly. */
export function strip(moments: readonly Moment[], rows: number): number[][] {
  const { low, high } = rangeOf(moments)
  const scale = high > low ? rows / (high - low) : 0
  return moments.map(({ histogram }) => rebinned(histogram, low, scale, rows))
}

function rebinned({ low: first, high: last, counts }: Histogram, low: number, scale: number, rows: number): number[] {
  const shares = new Array<number>(rows).fill(0)
  const total = counts.reduce((sum, count) => sum + count, 0) || 1
  const width = (last - first) / counts.length
  counts.forEach((count, at) => {
    const from = (first + at * width - low) * scale
    const to = from + width * scale
    for (const [row, part] of overlaps(from, to, rows)) shares[row] = (shares[row] ?? 0) + (part * count) / total
  })
  return shares
}

/** Which rows [from, to) lies in, and with what share of it; a range without width lies in one. */
function overlaps(from: number, to: number, rows: number): [number, number][] {
  const first = Math.min(rows - 1, Math.floor(from + 1e-9))
  if (to - from < 1e-9) return [[first, 1]]
  const found: [number, number][] = []
  for (let row = first; row < rows && row < to - 1e-9; row += 1)
    found.push([row, (Math.min(to, row + 1) - Math.max(from, row)) / (to - from)])
  return found
}
