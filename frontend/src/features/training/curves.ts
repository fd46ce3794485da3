/** Curves of a run on their way to a plot. */
import type { RunMetrics } from '../../api/types'
import { quoted } from '../../ui/csv'

export const NOTHING: RunMetrics = { train: { iteration: [] }, histograms: [], validations: [], last_iteration: 0 }
/** Columns that are no terms of the loss. */
const NOT_TERMS: readonly string[] = ['iteration', 'rate', 'seconds', 'loss']

export interface Series {
  name: string
  colour: string
  x: readonly number[]
  y: readonly (number | null)[]
  /** Shown when the plot opens. */
  shown?: boolean
}

/** New rows behind those that are there, and all validations, which come whole each time; a column that was not known before has no values for them. */
export function merged(before: RunMetrics, after: RunMetrics): RunMetrics {
  const names = [...new Set([...Object.keys(before.train), ...Object.keys(after.train)])]
  const train = Object.fromEntries(
    names.map((name) => [name, [...column(before, name), ...column(after, name)]]),
  ) as RunMetrics['train']
  return {
    train,
    histograms: [...before.histograms, ...after.histograms],
    validations: after.validations,
    last_iteration: Math.max(before.last_iteration, after.last_iteration),
  }
}

function column({ train }: RunMetrics, name: string): (number | null)[] {
  return train[name] ?? train.iteration.map(() => null)
}

export interface LossTerms {
  /** The detector's own, in the order of their names. */
  detector: string[]
  /** What the method adds: `<method>_<term>`. */
  distillation: string[]
}

export function lossTerms({ train }: Pick<RunMetrics, 'train'>, method: string): LossTerms {
  const terms = Object.keys(train).filter((name) => !NOT_TERMS.includes(name))
  const added = (name: string) => name.startsWith(`${method}_`)
  const sorted = terms.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return { detector: sorted.filter((name) => !added(name)), distillation: sorted.filter(added) }
}

/** The terms added up, row by row; null where none of them has a value. */
export function summed({ train }: Pick<RunMetrics, 'train'>, names: readonly string[]): (number | null)[] {
  return train.iteration.map((_, at) => {
    const values = names.flatMap((name) => train[name]?.[at] ?? [])
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) : null
  })
}

/** Exponential mean with the bias of its start taken out, as TensorBoard draws it; `share` in [0, 1) stays of what was. */
export function smoothed(values: readonly (number | null)[], share: number): (number | null)[] {
  let mean = 0
  let weight = 0
  return values.map((value) => {
    if (value === null) return null
    mean = share * mean + (1 - share) * value
    weight = share * weight + (1 - share)
    return mean / weight
  })
}

/** One x axis for series that each have their own: every x that occurs, in order, and null where a series has none. */
export function aligned(series: readonly Series[]): [number[], ...(number | null)[][]] {
  const xs = [...new Set(series.flatMap(({ x }) => x))].sort((a, b) => a - b)
  const place = new Map(xs.map((x, at) => [x, at]))
  const columns = series.map(({ x, y }) => {
    const values: (number | null)[] = xs.map(() => null)
    x.forEach((value, at) => {
      values[place.get(value) ?? 0] = y[at] ?? null
    })
    return values
  })
  return [xs, ...columns]
}

/** What a spreadsheet reads: a header, then a line for every x. */
export function csv(xName: string, series: readonly Series[]): string {
  const [xs, ...columns] = aligned(series)
  const header = [xName, ...series.map(({ name }) => quoted(name))].join(',')
  return [header, ...xs.map((x, at) => [x, ...columns.map((values) => values[at] ?? '')].join(','))].join('\n')
}
