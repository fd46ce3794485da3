/** What a comparison has come to: verdicts, the scale of the intervals, and the table as CSV. */
import type { Comparison, SeedDifference, Standing, Standings } from '../../api/types'

const CATEGORY = 'category:'

export const isRunning = ({ progress }: Comparison): boolean =>
  (progress.runs.queued ?? 0) + (progress.runs.running ?? 0) > 0

export const canRetry = ({ progress }: Comparison): boolean =>
  (progress.runs.failed ?? 0) + (progress.runs.cancelled ?? 0) > 0

/** Done in [0, 1]. */
export const shareDone = ({ progress: { done, total } }: Comparison): number => (total > 0 ? done / total : 0)

/** "AP of bicyclist" for a category; a figure's own name else. */
export function figureName(figure: string, ofCategory: (name: string) => string): string {
  return figure.startsWith(CATEGORY) ? ofCategory(figure.slice(CATEGORY.length)) : figure
}

export type Verdict = 'better' | 'worse' | 'leans' | 'open'

/** Told apart where both intervals leave nil out; of few seeds the bootstrap alone does so too easily: then it only leans. */
export function verdictOf(found: SeedDifference | null): Verdict {
  if (!found || !leavesOutNil(found.low, found.high)) return 'open'
  if (!leavesOutNil(found.student_low, found.student_high)) return 'leans'
  return found.difference > 0 ? 'better' : 'worse'
}

function leavesOutNil(low: number | null, high: number | null): boolean {
  return low !== null && high !== null && (low > 0 || high < 0)
}

export interface Scale {
  low: number
  high: number
}

/** The range that holds every difference with its intervals, nil among them, with a little room. */
export function scaleOf(rows: readonly Standing[]): Scale {
  const ends = rows.flatMap(({ against_control: found }) =>
    found ? [found.difference, found.low, found.high, found.student_low, found.student_high] : [],
  )
  const values = [0, ...ends.filter((value) => value !== null)]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low) * 0.05 || 0.01
  return { low: low - room, high: high + room }
}

/** Where a value stands on the scale, in percent of its width. */
export const place = ({ low, high }: Scale, value: number): number => ((value - low) / (high - low)) * 100

/** Differences of single seeds, of those that both have. */
export function seedDifferences(control: Standing | undefined, row: Standing): { seed: number; difference: number }[] {
  return row.runs.flatMap(({ seed, value }) => {
    const base = control?.runs.find((run) => run.seed === seed)?.value
    return value !== null && base !== null && base !== undefined ? [{ seed, difference: value - base }] : []
  })
}

const COLUMNS = [
  'method', 'mean', 'deviation', 'difference', 'low', 'high', 'student_low', 'student_high', 'pairs', 'step_seconds',
  'step_ratio',
] as const // biome-ignore format: a list of columns

/** A line a method, with the figure of every seed at its end. */
export function standingsCsv({ figure, rows }: Standings): string {
  const seeds = [...new Set(rows.flatMap(({ runs }) => runs.map(({ seed }) => seed)))].sort((a, b) => a - b)
  const head = ['figure', ...COLUMNS, ...seeds.map((seed) => `seed ${seed}`)]
  const lines = rows.map((row) => [
    figure,
    ...COLUMNS.map((name) => cell(row, name)),
    ...seeds.map((s) => ofSeed(row, s)),
  ])
  return [head, ...lines].map((line) => line.map(quoted).join(',')).join('\n')
}

function cell(row: Standing, name: (typeof COLUMNS)[number]): unknown {
  return name in row ? row[name as keyof Standing] : row.against_control?.[name as keyof SeedDifference]
}

function ofSeed({ runs }: Standing, wanted: number): unknown {
  return runs.find(({ seed }) => seed === wanted)?.value
}

function quoted(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
