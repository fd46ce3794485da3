/** AP over time, by the data that it was measured on. */
import type { DayFigures } from '../../api/types'

type Point = DayFigures['ap'][number]

export interface ApStep extends Point {
  /** Against the evaluation before it on the same data. */
  gained: number | null
}

/** AP of one part of a cut, evaluation by evaluation. */
export interface ApLine {
  part: string
  values: (number | null)[]
}

/** The ways in which any of the evaluations was cut: by category, size, light and so on. */
export function cutsOf(points: readonly Point[]): string[] {
  return [...new Set(points.flatMap(({ slices }) => Object.keys(slices)))].sort()
}

/** The whole first, under the name given, then the parts of the cut, the best of the last evaluation first. */
export function apLines(steps: readonly ApStep[], cut: string, whole: string): ApLine[] {
  const parts = [...new Set(steps.flatMap(({ slices }) => Object.keys(slices[cut] ?? {})))]
  const lines = parts.map((part) => ({ part, values: steps.map(({ slices }) => slices[cut]?.[part] ?? null) }))
  const known = lines.filter(({ values }) => values.some((value) => value !== null))
  known.sort((a, b) => (b.values.at(-1) ?? -1) - (a.values.at(-1) ?? -1) || a.part.localeCompare(b.part))
  return [{ part: whole, values: steps.map(({ ap }) => ap) }, ...known]
}

export function apSteps(points: readonly Point[]): { data: string; steps: ApStep[] }[] {
  const sets = new Map<string, ApStep[]>()
  for (const point of points) {
    const steps = sets.get(point.data) ?? []
    const before = steps.at(-1)?.ap ?? null
    steps.push({ ...point, gained: before === null || point.ap === null ? null : point.ap - before })
    sets.set(point.data, steps)
  }
  return [...sets].map(([data, steps]) => ({ data, steps }))
}
