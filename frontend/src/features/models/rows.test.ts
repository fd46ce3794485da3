import { describe, expect, test } from 'vitest'
import { evaluation, model, VERSION } from '../../testing/registry'
import { cellOf, matching, modelRows } from './rows'

describe('the figure that speaks for a model', () => {
  test('is the AP of its newest evaluation that has one', () => {
    const evaluations = [
      evaluation({ id: 9, figures: null }),
      evaluation({ id: 8, figures: { AP: 0.4 } }),
      evaluation({ id: 7, figures: { AP: 0.9 } }),
    ]
    expect(modelRows([model({})], evaluations)[0]?.measured).toEqual({ AP: 0.4, evaluation: evaluations[1] })
  })

  test('is that of its training where it was never evaluated, and none where nothing was measured', () => {
    const others = [evaluation({ model: { id: 5, name: 'other' }, figures: { AP: 0.8 } })]
    const [trained, unknown] = modelRows([model({ metrics: { AP: 0.3 } }), model({ id: 2 })], others)
    expect(trained?.measured).toEqual({ AP: 0.3, evaluation: null })
    expect(unknown?.measured).toBeNull()
  })

  test('of nil is a figure', () => {
    expect(modelRows([model({})], [evaluation({ figures: { AP: 0 } })])[0]?.measured?.AP).toBe(0)
  })
})

test.each([
  ['', 2],
  ['NANO', 2],
  ['night cld', 1],
  ['night yolox', 0],
])('the filter %j finds %d models', (text, count) => {
  const rows = modelRows([model({}), model({ id: 2, method: 'cld', dataset_version: VERSION })], [])
  expect(matching(rows, text)).toHaveLength(count)
})

test('what a model lacks is no value to sort by', () => {
  const [row] = modelRows([model({})], [])
  if (!row) throw new Error('A model makes a row.')
  expect([cellOf(row, 'data'), cellOf(row, 'parent'), cellOf(row, 'AP'), cellOf(row, 'method')]).toEqual([
    null,
    null,
    null,
    null,
  ])
  expect(cellOf(row, 'name')).toBe('nano')
})
