import { describe, expect, test } from 'vitest'
import type { Weighed } from '../../api/types'
import { momentsOf, rangeOf, strip, weighedNames } from './histograms'

const moment = (iteration: number, low: number, high: number, counts: number[]) => ({
  iteration,
  histogram: { low, high, counts },
})

test('names and moments are those that are there', () => {
  const weighed: Weighed[] = [
    { iteration: 10, by_name: { rows: { low: 0, high: 1, counts: [1] } } },
    { iteration: 20, by_name: { rows: { low: 0, high: 2, counts: [1] }, images: { low: 0, high: 1, counts: [1] } } },
  ]
  expect(weighedNames(weighed)).toEqual(['images', 'rows'])
  expect(momentsOf(weighed, 'images').map(({ iteration }) => iteration)).toEqual([20])
  expect(rangeOf(momentsOf(weighed, 'rows'))).toEqual({ low: 0, high: 2 })
})

describe('strip', () => {
  test('every column adds up to one, whatever its own range was', () => {
    const columns = strip([moment(1, 0, 1, [1, 3]), moment(2, -0.35, 2.2, [5, 0, 7])], 16)
    for (const column of columns) expect(column.reduce((a, b) => a + b, 0)).toBeCloseTo(1)
  })
  test('values stay where they were on the common range', () => {
    expect(strip([moment(1, 0, 1, [1, 3]), moment(2, 0, 4, [0, 1])], 4)).toEqual([
      [1, 0, 0, 0],
      [0, 0, 0.5, 0.5],
    ])
  })
  test('values that are all the same fill one bin', () => {
    expect(strip([moment(1, 2, 2, [9, 0])], 3)).toEqual([[1, 0, 0]])
    expect(strip([moment(1, 0, 3, [1, 1, 1]), moment(2, 3, 3, [9, 0])], 3)[1]).toEqual([0, 0, 1])
  })
})
