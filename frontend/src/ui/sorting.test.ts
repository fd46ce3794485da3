import { expect, test } from 'vitest'
import { reordered, type SortValue, sortedBy } from './sorting'

interface Row {
  name: string
  AP: number | null
}

const ROWS: Row[] = [
  { name: 'v2', AP: 0.2 },
  { name: 'v10', AP: null },
  { name: 'v1', AP: 0.4 },
]
const cellOf = (row: Row, column: 'name' | 'AP'): SortValue => row[column]
const names = (rows: Row[]): string => rows.map(({ name }) => name).join(' ')

test.each([
  ['AP', false, 'v2 v1 v10'],
  ['AP', true, 'v1 v2 v10'],
  ['name', false, 'v1 v2 v10'],
  ['name', true, 'v10 v2 v1'],
] as const)('by %s, descending %j: %s', (by, descending, expected) => {
  expect(names(sortedBy(ROWS, { by, descending }, cellOf))).toBe(expected)
})

test('sorting leaves the rows that were given as they were', () => {
  sortedBy(ROWS, { by: 'AP', descending: false }, cellOf)
  expect(names(ROWS)).toBe('v2 v10 v1')
})

test('the same column again turns round, another begins as it asks to', () => {
  expect(reordered({ by: 'AP', descending: true }, 'AP', true)).toEqual({ by: 'AP', descending: false })
  expect(reordered<'AP' | 'name'>({ by: 'AP', descending: true }, 'name', false)).toEqual({
    by: 'name',
    descending: false,
  })
})
