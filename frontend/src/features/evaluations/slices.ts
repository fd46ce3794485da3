/** The slices of a report in the order in which they are read. */
import type { Report, SliceFigures } from '../../api/report'

const FIRST = ['time_of_day', 'weather', 'size', 'drive']
const SIZES = ['small', 'medium', 'large']

export interface Slice {
  name: string
  parts: [string, SliceFigures][]
}

/** Sizes ascend; other parts stand worst first, those without a figure last. */
export function orderedSlices(slices: Report['slices']): Slice[] {
  const known = FIRST.filter((name) => name in slices)
  const others = Object.keys(slices).filter((name) => !FIRST.includes(name))
  return [...known, ...others].map((name) => {
    const parts = Object.entries(slices[name] ?? {})
    return { name, parts: parts.sort(name === 'size' ? bySize : worstFirst) }
  })
}

type Entry = [string, SliceFigures]

function bySize([a]: Entry, [b]: Entry): number {
  return SIZES.indexOf(a) - SIZES.indexOf(b)
}

function worstFirst([, a]: Entry, [, b]: Entry): number {
  return (a.AP ?? Number.POSITIVE_INFINITY) - (b.AP ?? Number.POSITIVE_INFINITY) || 0
}
