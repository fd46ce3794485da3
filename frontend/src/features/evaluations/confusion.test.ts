import { expect, test } from 'vitest'
import type { Confusion } from '../../api/report'
import { errorsOf, occurring, rowShares, shades } from './confusion'

/** Nothing is a tram; bus never occurs in the truth but is predicted once. */
const CONFUSION: Confusion = {
  labels: ['car', 'tram', 'bus', 'background'],
  matrix: [
    [6, 0, 1, 3],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [2, 0, 0, 0],
  ],
  iou: 0.5,
  score: 0.3,
}

test('a category that neither is nor is predicted is left out; background stays', () => {
  expect(occurring(CONFUSION)).toEqual({
    labels: ['car', 'bus', 'background'],
    matrix: [
      [6, 1, 3],
      [0, 0, 0],
      [2, 0, 0],
    ],
    iou: 0.5,
    score: 0.3,
  })
})

test('background stays when nothing was missed or false', () => {
  expect(
    occurring({
      ...CONFUSION,
      labels: ['car', 'background'],
      matrix: [
        [4, 0],
        [0, 0],
      ],
    }).labels,
  ).toEqual(['car', 'background'])
})

test('shares of a row sum to one, those of an empty row to nil', () => {
  const sums = rowShares(CONFUSION.matrix).map((row) => row.reduce((sum, share) => sum + share, 0))
  expect(sums).toEqual([1, 0, 0, 1])
  expect(rowShares(CONFUSION.matrix)[0]).toEqual([0.6, 0, 0.1, 0.3])
})

test('a cell is as dark as its share, or as the root of its count', () => {
  expect(shades(CONFUSION.matrix, true)[0]?.[0]).toBe(0.6)
  expect(
    shades(
      [
        [100, 25],
        [0, 0],
      ],
      false,
    ),
  ).toEqual([
    [1, 0.5],
    [0, 0],
  ])
  expect(shades([[0]], false)).toEqual([[0]])
})

test.each([
  [0, 0, null],
  [0, 2, { part: 'errors', kind: 'confused', category: 'car' }],
  [0, 3, { part: 'errors', kind: 'missed', category: 'car' }],
  [3, 0, { part: 'errors', kind: 'false', category: 'car' }],
])('the cell %d, %d leads to %j', (row, column, search) => {
  expect(errorsOf(CONFUSION, row, column)).toEqual(search)
})
