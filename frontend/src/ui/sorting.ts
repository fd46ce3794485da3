/** Rows by one of their columns. What has no value comes last, either way. */

export type SortValue = string | number | null

export interface Order<Column extends string> {
  by: Column
  descending: boolean
}

export function sortedBy<Row, Column extends string>(
  rows: readonly Row[],
  { by, descending }: Order<Column>,
  cellOf: (row: Row, column: Column) => SortValue,
): Row[] {
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [first, second] = [cellOf(a, by), cellOf(b, by)]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    return sign * compared(first, second)
  })
}

function compared(first: string | number, second: string | number): number {
  if (typeof first === 'number' && typeof second === 'number') return first - second
  return String(first).localeCompare(String(second), 'en', { numeric: true })
}

/** The same column again turns the order round; a new one begins the way that is asked for. */
export function reordered<Column extends string>(
  order: Order<Column>,
  by: Column,
  descendingFirst: boolean,
): Order<Column> {
  return { by, descending: order.by === by ? !order.descending : descendingFirst }
}
