import { describe, expect, test } from 'vitest'
import { aligned, csv, lossTerms, merged, NOTHING, smoothed, summed } from './curves'

const line = (name: string, x: number[], y: (number | null)[]) => ({ name, colour: '#000', x, y })

describe('merged', () => {
  test('new rows come behind the old ones, and a new term has no past', () => {
    const first = merged(NOTHING, {
      ...NOTHING,
      train: { iteration: [1, 2], loss: [9, 8] },
      histograms: [{ iteration: 2, by_name: {} }],
      last_iteration: 2,
    })
    const whole = merged(first, {
      train: { iteration: [3], loss: [7], extra: [1] },
      histograms: [{ iteration: 3, by_name: {} }],
      validations: [{ iteration: 3, AP: 0.5 }] as never,
      last_iteration: 3,
    })
    expect(whole.train).toEqual({ iteration: [1, 2, 3], loss: [9, 8, 7], extra: [null, null, 1] })
    expect(whole.histograms.map(({ iteration }) => iteration)).toEqual([2, 3])
    expect(whole.validations).toHaveLength(1)
    expect(whole.last_iteration).toBe(3)
  })
  test('nothing new changes nothing', () => {
    const rows = { ...NOTHING, train: { iteration: [1], loss: [2] }, last_iteration: 1 }
    expect(merged(rows, { ...NOTHING, last_iteration: 1 })).toEqual(rows)
  })
})

describe('terms of the loss', () => {
  const times = { iteration: [1, 2], loss: [3, 6], rate: [0.1, 0.1], seconds: [1, 1] }
  const train = { ...times, decoder_10: [1, null], cld_text: [2, null], encoder: [null, 3], decoder_9: [1, null] }

  test("are the detector's, counted upwards, and those that the method adds", () => {
    expect(lossTerms({ train }, 'cld')).toEqual({
      detector: ['decoder_9', 'decoder_10', 'encoder'],
      distillation: ['cld_text'],
    })
  })
  test('add up where they are known', () => {
    expect(summed({ train }, ['decoder_9', 'decoder_10'])).toEqual([2, null])
    expect(summed({ train }, [])).toEqual([null, null])
  })
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
  expect(csv('iteration', [line('a, b', [1], [0.5]), line('c', [2], [1])])).toBe('iteration,"a, b","c"\n1,0.5,\n2,,1')
})
