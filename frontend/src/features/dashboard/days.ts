/** Figures by day on their way to a plot. */
import type { DayFigures, DaySeries } from '../../api/types'
import { cell, quoted } from '../../ui/csv'

export type Values = readonly (number | null)[]

export interface Line {
  /** As the server names it. */
  part: string
  values: Values
}

/** None where this person is not told it. */
export function seriesOf({ series }: DayFigures, name: string): DaySeries | undefined {
  return series.find((each) => each.name === name)
}

/** The largest parts by themselves, in one order for every span, and what is left as one line without a name; shares do not add up, the rest of them is left out. */
export function lines({ parts, unit }: Pick<DaySeries, 'parts' | 'unit'>, most = 8): Line[] {
  const ordered = [...parts].sort((a, b) => total(b.values) - total(a.values) || a.part.localeCompare(b.part))
  if (ordered.length <= most) return ordered
  if (unit === 'share') return ordered.slice(0, most)
  const rest = ordered.slice(most - 1)
  const days = rest[0]?.values.length ?? 0
  const left = Array.from({ length: days }, (_, day) => added(rest.map(({ values }) => values[day] ?? null)))
  return [...ordered.slice(0, most - 1), { part: '', values: left }]
}

/** Each line on top of those before it: what bars of a stack reach up to. Nothing counted is nil. */
export function stacked(from: readonly Line[]): number[][] {
  const heights: number[][] = []
  for (const { values } of from) {
    const below = heights.at(-1)
    heights.push(values.map((value, day) => (value ?? 0) + (below?.[day] ?? 0)))
  }
  return heights
}

/** Of a flow what was counted in the span, of a level how it stands. */
export function summary({ level, parts }: Pick<DaySeries, 'level' | 'parts'>): number | null {
  if (parts.length === 0) return null
  if (level) return standing({ parts }).reduce((sum, { value }) => sum + value, 0)
  return parts.reduce((sum, { values }) => sum + total(values), 0)
}

/** How a level stood when it was last looked at; what was gone by then is no part of it. */
export function standing({ parts }: Pick<DaySeries, 'parts'>): { part: string; value: number }[] {
  const day = Math.max(-1, ...parts.map(({ values }) => values.findLastIndex((value) => value !== null)))
  return parts.flatMap(({ part, values }) => (values[day] == null ? [] : [{ part, value: values[day] }]))
}

/** The one number of a series of shares: that of the part that it is about, else the worst as it stands. */
export function share({ parts }: Pick<DaySeries, 'parts'>): number | null {
  const known = standing({ parts })
  const about = known.find(({ part }) => ABOUT.includes(part))
  if (about) return about.value
  return known.length > 0 ? Math.max(...known.map(({ value }) => value)) : null
}

const ABOUT = ['', 'measured', 'alpha', 'wrong']

/** The mean of the days that have a value. */
export function mean(values: Values): number | null {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null
}

/** Noon of the day in seconds, where a plot puts it. */
export function noon(day: string): number {
  return Date.parse(`${day}T12:00:00Z`) / 1000
}

/** Day by day, one column a part. */
export function csv(days: readonly string[], from: readonly Line[], names: readonly string[]): string {
  const rows = days.map((day, at) => [day, ...from.map(({ values }) => values[at] ?? '')])
  return [['day', ...names.map(quoted)], ...rows].map((row) => row.join(',')).join('\n')
}

/** A table of names and numbers; what is not known is empty. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\n')
}

function total(values: Values): number {
  return added(values) ?? 0
}

function added(values: Values): number | null {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null
}
