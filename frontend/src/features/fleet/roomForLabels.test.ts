import { expect, test } from 'vitest'
import { roomForLabels } from './roomForLabels'
import type { SeenBox } from './types'

const box = (track: number, x: number, y: number, side: number) =>
  ({ track, box: [x, y, side, side], category: 'car' }) as SeenBox
const named = (boxes: SeenBox[], closest: number | null = null) => [
  ...roomForLabels(boxes, closest, 20, () => 'car 12 m'),
]

test('of words on one another the larger box has them, and always the closest in path', () => {
  const boxes = [box(1, 100, 100, 40), box(2, 110, 105, 50), box(3, 105, 110, 30)]
  expect(named(boxes)).toEqual([2])
  expect(named(boxes, 3)).toEqual([3])
})

test('words that do not meet are all drawn', () => {
  expect(named([box(1, 100, 100, 40), box(2, 100, 130, 30), box(3, 300, 100, 20)])).toEqual([1, 2, 3])
})
