/** What is drawn from a report: errors, slices, curves, and the address that says which of it. */
import { describe, expect, test } from 'vitest'
import type { Curve, DetectionError } from '../../api/report'
import { ALL, columns, curveNames } from './curves'
import { categoriesOf, chosenErrors } from './errors'
import { compareSearch, evaluationSearch } from './search'
import { orderedSlices } from './slices'

function error(values: Partial<DetectionError>): DetectionError {
  return {
    image_id: 1,
    frame: 1,
    kind: 'false',
    category: null,
    predicted: null,
    score: null,
    iou: 0,
    box_xywh: [0, 0, 1, 1],
    ...values,
  }
}

const ERRORS = [
  error({ kind: 'confused', category: 'car', predicted: 'bus' }),
  error({ kind: 'missed', category: 'car' }),
  error({ kind: 'false', predicted: 'bus' }),
]

describe('errors', () => {
  test.each([
    [{}, 3],
    [{ kind: 'missed' as const }, 1],
    [{ category: 'bus' }, 2],
    [{ kind: 'false' as const, category: 'car' }, 0],
  ])('by %j are %d: a category counts as truth and as prediction', (filter, count) => {
    expect(chosenErrors(ERRORS, filter)).toHaveLength(count)
  })

  test('name each of their categories once', () => {
    expect(categoriesOf(ERRORS)).toEqual(['bus', 'car'])
  })
})

test('slices: known ones first, sizes ascend, others worst first, unmeasured last', () => {
  const ordered = orderedSlices({
    road: { a: { AP: 0.1 } },
    size: { large: { AP: 0.1 }, small: { AP: 0.3 }, medium: { AP: 0.2 } },
    weather: { clear: { AP: 0.5 }, fog: { AP: null }, rain: { AP: 0.2 } },
  })
  expect(ordered.map(({ name, parts }) => [name, parts.map(([value]) => value)])).toEqual([
    ['weather', ['rain', 'clear', 'fog']],
    ['size', ['small', 'medium', 'large']],
    ['road', ['a']],
  ])
})

describe('curves', () => {
  const curve = (precision: number[]): Curve => ({ iou: 0.5, recall: [0, 0.5, 1], precision, score: [0.9, 0.5, 0] })

  test('begin with the mean, then the largest area', () => {
    expect(curveNames({ car: curve([1, 0, 0]), all: curve([0, 0, 0]), bus: curve([1, 1, 0]) })).toEqual([
      ALL,
      'bus',
      'car',
    ])
  })

  test('end where the model reaches no further', () => {
    const line = { name: 'car', colour: '#fff', curve: curve([0.8, 0, 0]) }
    expect(columns([line])).toEqual([
      [0, 0.5, 1],
      [0.8, 0, null],
    ])
  })

  test('of nothing are empty', () => {
    expect(columns([])).toEqual([[]])
  })
})

describe('an address', () => {
  test('keeps what it knows and drops the rest', () => {
    expect(evaluationSearch({ part: 'errors', kind: 'missed', category: 'car' })).toEqual({
      part: 'errors',
      kind: 'missed',
      category: 'car',
    })
    expect(evaluationSearch({ part: 'nowhere', kind: 7, category: { a: 1 } })).toEqual({})
    expect(evaluationSearch({ category: 3 })).toEqual({ category: '3' })
  })

  test.each([
    ['2,1', [2, 1]],
    [
      [2, 1, 2],
      [2, 1],
    ],
    [5, [5]],
    ['x,-1,1.5,4', [4]],
    [undefined, []],
  ])('names the evaluations %j to compare as %j', (ids, expected) => {
    expect(compareSearch({ ids })).toEqual({ ids: expected })
  })
})
