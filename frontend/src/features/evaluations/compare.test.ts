import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../api/report'
import { evaluation, comparisonJob as job, VERSION } from '../../testing/registry'
import {
  comparisonJob,
  comparisonOf,
  difference,
  overSeeds,
  type SeededRun,
  sameData,
  seedGroups,
  verdict,
} from './compare'

const DRAWN: Comparison = { first: 0.4, second: 0.5, difference: 0.1, low: 0.05, high: 0.2, p: 0.01, draws: 1000 }

function run(values: Partial<SeededRun>): SeededRun {
  return {
    id: 1,
    seed: 0,
    name: 'run',
    method: 'none',
    family: 'yolox',
    size: 'nano',
    init: null,
    teacher: null,
    dataset_version: { id: 3 },
    train_split: 'train',
    options: { iterations: 100, rate: 0.01 },
    ...values,
  }
}

test('evaluations are of the same data when version and split agree', () => {
  expect(sameData([evaluation({}), evaluation({ id: 2 })])).toBe(true)
  expect(sameData([evaluation({}), evaluation({ split: 'val' })])).toBe(false)
  expect(sameData([evaluation({}), evaluation({ dataset_version: { ...VERSION, id: 4 } })])).toBe(false)
})

test('what was not measured has no difference, nil has one', () => {
  expect(difference(0.5, null)).toBeNull()
  expect(difference(undefined, 0.5)).toBeNull()
  expect(difference(0, 0.5)).toBe(-0.5)
})

describe('a comparison', () => {
  const jobs = [
    job({ id: 'new', params: { first: 2, second: 1 }, result: { ...DRAWN } }),
    job({ id: 'old', params: { first: 1, second: 2 } }),
    job({ id: 'other', params: { first: 1, second: 3 } }),
  ]

  test('is found in the ledger whichever way round it was asked for, the newest first', () => {
    expect(comparisonJob(jobs, 1, 2)?.id).toBe('new')
    expect(comparisonJob(jobs, 3, 1)?.id).toBe('other')
    expect(comparisonJob(jobs, 2, 3)).toBeNull()
  })

  test('is turned round with its interval when the other one is the base', () => {
    expect(comparisonOf(jobs[0] ?? null, 2)).toEqual(DRAWN)
    expect(comparisonOf(jobs[0] ?? null, 1)).toMatchObject({ first: 0.5, difference: -0.1, low: -0.2, high: -0.05 })
  })

  test('is none while its job runs or when it failed', () => {
    expect(comparisonOf(job({ state: 'running' }), 1)).toBeNull()
    expect(comparisonOf(job({ state: 'failed' }), 1)).toBeNull()
    expect(comparisonOf(null, 1)).toBeNull()
  })

  test.each([
    [0.01, 0.2, 'better'],
    [-0.2, -0.01, 'worse'],
    [-0.01, 0.2, 'open'],
    [0, 0.2, 'open'],
  ])('with an interval from %d to %d is %s', (low, high, expected) => {
    expect(verdict({ low, high })).toBe(expected)
  })
})

describe('seeds', () => {
  const evaluations = [1, 2, 3].map((id) => evaluation({ id, model: { id, name: `m${id}` }, figures: { AP: id / 10 } }))

  test('of one recipe are one group, whatever the order of its options', () => {
    const runs = new Map([
      [1, run({ seed: 7 })],
      [2, run({ id: 2, seed: 3, options: { rate: 0.01, iterations: 100 } })],
      [3, run({ id: 3, seed: 5, options: { rate: 0.02, iterations: 100 } })],
    ])
    const groups = seedGroups(evaluations, runs)
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ name: 'none · yolox · nano', seeds: [3, 7] })
    expect(groups[0]?.evaluations.map(({ id }) => id)).toEqual([1, 2])
  })

  test('that are the same say nothing of luck', () => {
    const runs = new Map([
      [1, run({})],
      [2, run({ id: 2 })],
    ])
    expect(seedGroups(evaluations, runs)).toEqual([])
  })

  test('have a mean and the deviation of a sample', () => {
    const spread = overSeeds(evaluations, 'AP')
    expect(spread?.mean).toBeCloseTo(0.2)
    expect(spread?.deviation).toBeCloseTo(0.1)
    expect(spread?.n).toBe(3)
  })

  test('have no deviation when there is one, and no mean where a figure is missing', () => {
    expect(overSeeds(evaluations.slice(0, 1), 'AP')).toEqual({ mean: 0.1, deviation: null, n: 1 })
    expect(overSeeds([...evaluations, evaluation({ figures: { AP: null } })], 'AP')).toBeNull()
    expect(overSeeds([], 'AP')).toBeNull()
  })
})
