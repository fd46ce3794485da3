/** AP over time, by the data that it was measured on. */
import type { DayFigures } from '../../api/types'

type Point = DayFigures['ap'][number]

export interface ApStep extends Point {
  /** Against the evaluation before it on the same data. */
  gained: number | null
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
