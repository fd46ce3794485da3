import { expect, test } from 'vitest'
import { gapLines, named, riskBins } from './cardRows'

test('risk is told by tenths, and what has none apart, only where there is some', () => {
  const risk = [5, 0, 0, 0, 0, 0, 0, 0, 0, 2]
  expect(Object.entries(riskBins({ risk, without_risk: 3 }, 'none'))).toEqual([
    ['0.0–0.1', 5],
    ...Array.from({ length: 8 }, (_, k) => [`0.${k + 1}–0.${k + 2 > 9 ? '9' : k + 2}`, 0]),
    ['0.9–1.0', 2],
    ['none', 3],
  ])
  expect('none' in riskBins({ risk, without_risk: 0 }, 'none')).toBe(false)
})

test('what has no other word keeps its own', () => {
  expect(named({ rain: 2, unknown: 1 }, { unknown: '未知' })).toEqual({ rain: 2, 未知: 1 })
})

test('categories with the same gap are told on one line', () => {
  const gaps = [
    { code: 'category_rare', split: 'val', name: 'car', count: 4 },
    { code: 'category_missing', split: 'val', name: 'bus', count: 0 },
    { code: 'category_rare', split: 'val', name: 'sign', count: 7 },
    { code: 'no_night', split: 'val', name: '', count: 0 },
  ]
  expect(gapLines(gaps).map(({ code, names }) => [code, names])).toEqual([
    ['category_rare', 'car (4), sign (7)'],
    ['category_missing', 'bus'],
    ['no_night', ''],
  ])
})
