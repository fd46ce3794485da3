/** Several evaluations beside each other: differences, comparisons that were drawn already, and runs that differ in their seed alone. */
import type { Comparison, FigureName } from '../../api/report'
import type { Evaluation, Job } from '../../api/types'

/** Only what was measured on the same frames can be told apart. */
export function sameData(evaluations: readonly Evaluation[]): boolean {
  const [first, ...others] = evaluations
  return others.every(
    ({ dataset_version, split }) => dataset_version.id === first?.dataset_version.id && split === first.split,
  )
}

export function difference(value: number | null | undefined, base: number | null | undefined): number | null {
  return value === null || value === undefined || base === null || base === undefined ? null : value - base
}

/** The newest job that compares the two, whichever way round. */
export function comparisonJob(jobs: readonly Job[], first: number, second: number): Job | null {
  const wanted = new Set([first, second])
  return jobs.find(({ params }) => wanted.has(Number(params.first)) && wanted.has(Number(params.second))) ?? null
}

/** A finished job's result as `second - first`; null while there is none. */
export function comparisonOf(job: Job | null, first: number): Comparison | null {
  if (job?.state !== 'succeeded' || !job.result) return null
  const found = job.result as unknown as Comparison
  return Number(job.params.first) === first ? found : turned(found)
}

function turned({ first, second, difference, low, high, ...rest }: Comparison): Comparison {
  return { ...rest, first: second, second: first, difference: -difference, low: -high, high: -low }
}

/** Real when the interval leaves nil out. */
export function verdict({ low, high }: Pick<Comparison, 'low' | 'high'>): 'better' | 'worse' | 'open' {
  if (low > 0) return 'better'
  return high < 0 ? 'worse' : 'open'
}

/** What makes two training runs the same but for luck. */
export interface SeededRun {
  id: number
  seed: number
  name: string
  method: string
  family: string
  size: string
  init: { id: number } | null
  teacher: { id: number } | null
  dataset_version: { id: number } | null
  train_split: string
  options: Record<string, unknown>
}

export interface SeedGroup {
  /** What they share, in words. */
  name: string
  seeds: number[]
  evaluations: Evaluation[]
}

/** Evaluations of models whose runs differ in nothing but the seed, two seeds or more; `runs` by id of the model. */
export function seedGroups(evaluations: readonly Evaluation[], runs: ReadonlyMap<number, SeededRun>): SeedGroup[] {
  const groups = new Map<string, { run: SeededRun; evaluation: Evaluation }[]>()
  for (const evaluation of evaluations) {
    const run = runs.get(evaluation.model.id)
    if (!run) continue
    const key = recipeOf(run)
    groups.set(key, [...(groups.get(key) ?? []), { run, evaluation }])
  }
  return [...groups.values()]
    .map((members) => ({
      name: [members[0]?.run.method, members[0]?.run.family, members[0]?.run.size].filter(Boolean).join(' · '),
      seeds: [...new Set(members.map(({ run }) => run.seed))].sort((a, b) => a - b),
      evaluations: members.map(({ evaluation }) => evaluation),
    }))
    .filter(({ seeds }) => seeds.length > 1)
}

function recipeOf({ method, family, size, init, teacher, dataset_version, train_split, options }: SeededRun): string {
  const sorted = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([method, family, size, init?.id, teacher?.id, dataset_version?.id, train_split, sorted])
}

export interface Spread {
  mean: number
  /** Of the sample; null for one value, whose spread is unknown. */
  deviation: number | null
  n: number
}

/** Mean and sample deviation of a figure; null when any of them lacks it. */
export function overSeeds(evaluations: readonly Evaluation[], figure: FigureName): Spread | null {
  const values = evaluations.map(({ figures }) => figures?.[figure])
  if (values.length === 0 || !values.every((value) => typeof value === 'number')) return null
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n }
}
