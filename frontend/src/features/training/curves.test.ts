import { describe, expect, test } from 'vitest'
import { aligned, csv, lossNames, merged, NOTHING, smoothed } from './curves'

const line = (name: string, x: number[], y: (number | null)[]) => ({ name, colour: '#000', x, y })

describe('merged', () => {
  test('new rows come behind the old ones, and a new term has no past', () => {
    const first = merged(NOTHING, { train: { iteration: [1, 2], loss: [9, 8] }, validations: [], last_iteration: 2 })
    const whole = merged(first, {
      train: { iteration: [3], loss: [7], extra: [1] },
      validations: [{ iteration: 3, AP: 0.5 }] as never,
      last_iteration: 3,
    })
    expect(whole.train).toEqual({ iteration: [1, 2, 3], loss: [9, 8, 7], extra: [null, null, 1] })
    expect(whole.validations).toHaveLength(1)
    expect(whole.last_iteration).toBe(3)
  })
  test('nothing new changes nothing', () => {
    const rows = { train: { iteration: [1], loss: [2] }, validations: [], last_iteration: 1 }
    expect(merged(rows, { ...NOTHING, last_iteration: 1 })).toEqual(rows)
  })
})

test('terms of the loss exclude what is no loss', () => {
  const train = { iteration: [1], loss: [3], rate: [0.1], seconds: [1], encoder: [1], decoder_0: [2] }
  expect(lossNames({ train, validations: [], last_iteration: 1 })).toEqual(['loss', 'decoder_0', 'encoder'])
})

describe('smoothed', () => {
  test('starts at the first value and keeps gaps', () => {
    expect(smoothed([4, null, 4], 0.9)).toEqual([4, null, expect.closeTo(4)])
  })
  test('lags behind a step, and nothing is smoothed at 0', () => {
    expect(smoothed([0, 1], 0.5)[1]).toBeCloseTo(2 / 3)
    expect(smoothed([0, 1], 0)).toEqual([0, 1])
  })
})

test('series with their own x share one axis', () => {
  expect(aligned([line('a', [1, 3], [10, 30]), line('b', [2, 3], [200, 300])])).toEqual([
    [1, 2, 3],
    [10, null, 30],
    [null, 200, 300],
  ])
})

test('a table quotes what a comma would break', () => {
  expect(csv('iteration', [line('a, b', [1], [0.5]), line('c', [2], [1])])).toBe('iteration,"a, b",c\n1,0.5,\n2,,1')
})
