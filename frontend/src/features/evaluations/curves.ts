/** Precision-recall curves on their way to a plot. */
import type { Curve, Report } from '../../api/report'

/** The mean over the categories. */
export const ALL = 'all'
/** Curves drawn at first: the mean and the categories with the largest area. */
export const FIRST_SHOWN = 4

export interface Line {
  name: string
  colour: string
  curve: Curve
}

/** Thirteen hues that stay apart from each other on light and on dark; more go round. */
const COLOURS = [
  '#4c8bf5',
  '#e8590c',
  '#2b9a66',
  '#ae3ec9',
  '#e0a100',
  '#0c9aa8',
  '#e64980',
  '#74a01f',
  '#7a6ff0',
  '#b07d4f',
  '#d63939',
  '#3d8f8f',
  '#8a8f98',
]

export function colourOf(at: number): string {
  return COLOURS[at % COLOURS.length] ?? '#4c8bf5'
}

/** The mean first, then the categories, the largest area under the curve first. */
export function curveNames(curves: Report['pr_curves']): string[] {
  const categories = Object.keys(curves).filter((name) => name !== ALL)
  const sorted = categories.sort((a, b) => area(curves[b]) - area(curves[a]))
  return ALL in curves ? [ALL, ...sorted] : sorted
}

/** Recalls are evenly spaced: the mean precision is the area. */
function area(curve: Curve | undefined): number {
  if (!curve || curve.precision.length === 0) return 0
  return curve.precision.reduce((sum, value) => sum + value, 0) / curve.precision.length
}

/** Columns for a plot: the recalls, then each line's precision, which ends where the model reaches no further. */
export function columns(lines: readonly Line[]): [number[], ...(number | null)[][]] {
  const recall = lines[0]?.curve.recall ?? []
  return [recall, ...lines.map(({ curve }) => curve.precision.map((value, at) => reached(curve, at, value)))]
}

/** Beyond the last detection COCO writes nil; a line along the floor would say that it measured something there. */
function reached(curve: Curve, at: number, value: number): number | null {
  return value > 0 || curve.precision[at - 1] !== 0 ? value : null
}
