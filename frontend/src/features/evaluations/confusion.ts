/** The confusion matrix as it is shown: what never occurs left out, rows as shares where wanted, and the errors behind a cell. */
import type { Confusion } from '../../api/report'
import type { EvaluationSearch } from './search'

/** Without the categories that are neither in the truth nor predicted; background, the last, stays. */
export function occurring({ labels, matrix, ...rest }: Confusion): Confusion {
  const kept = labels.flatMap((_, at) => (at === labels.length - 1 || occurs(matrix, at) ? [at] : []))
  return {
    ...rest,
    labels: kept.map((at) => labels[at] ?? ''),
    matrix: kept.map((row) => kept.map((column) => matrix[row]?.[column] ?? 0)),
  }
}

function occurs(matrix: readonly (readonly number[])[], at: number): boolean {
  return (matrix[at] ?? []).some((count) => count > 0) || matrix.some((row) => (row[at] ?? 0) > 0)
}

/** Each row's shares; an empty row stays empty. */
export function rowShares(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0)
    return row.map((count) => (sum === 0 ? 0 : count / sum))
  })
}

/** How dark a cell is, in [0, 1]. Counts of one row span a thousandfold: their root keeps the small ones in sight. */
export function shades(matrix: readonly (readonly number[])[], normalised: boolean): number[][] {
  if (normalised) return rowShares(matrix)
  const most = Math.max(1, ...matrix.flat())
  return matrix.map((row) => row.map((count) => Math.sqrt(count / most)))
}

/** Which errors a cell counts; null on the diagonal, where there are none. */
export function errorsOf({ labels }: Confusion, row: number, column: number): EvaluationSearch | null {
  const background = labels.length - 1
  const truth = labels[row]
  const predicted = labels[column]
  if (row === column) return null
  if (row === background) return { part: 'errors', kind: 'false', category: predicted }
  if (column === background) return { part: 'errors', kind: 'missed', category: truth }
  return { part: 'errors', kind: 'confused', category: truth }
}
