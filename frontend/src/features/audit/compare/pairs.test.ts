import { describe, expect, test } from 'vitest'
import type { LabelPair } from '../../../api/types'
import { boxesOf, differencesOf, nameOf, placeOf, walked } from './pairs'

const label = (x: number, category = 11, score: number | null = 0.8): NonNullable<LabelPair['a']> => ({
  ...{ box: `${x}`, category, x, y: 10, width: 20, height: 30, score },
})
const agree: LabelPair = { outcome: 'agree', iou: 0.9, a: label(0), b: label(1) }
const other: LabelPair = { outcome: 'other_category', iou: 0.6, a: label(5), b: label(9, 12) }
const alone: LabelPair = { outcome: 'only_b', iou: null, a: null, b: label(40, 12, null) }
const name = (id: number | null): string => (id === null ? 'ignore' : id === 11 ? 'car' : 'truck')

test('differences are all but what agrees', () => {
  expect(differencesOf([agree, other, alone])).toEqual([other, alone])
})

test('a pair lies where its boxes lie', () => {
  expect(placeOf(other)).toEqual({ x: 5, y: 10, width: 24, height: 30 })
  expect(placeOf(alone)).toMatchObject({ x: 40, width: 20 })
  expect(boxesOf(alone)).toHaveLength(1)
})

test('a pair is named by its category, or by both', () => {
  expect([agree, other, alone].map((pair) => nameOf(pair, name))).toEqual(['car 0.80', 'car / truck', 'truck'])
})

describe('the walk', () => {
  test('begins at either end and goes round', () => {
    expect([walked(null, 1, 3), walked(null, -1, 3), walked(2, 1, 3), walked(0, -1, 3)]).toEqual([0, 2, 0, 2])
  })
  test('goes nowhere where nothing differs', () => {
    expect(walked(null, 1, 0)).toBeNull()
  })
})
