import { expect, test } from 'vitest'
import { interval, percent } from './rates'

test('a share is a whole percent, and a dash where nothing was measured', () => {
  expect(percent(0.874)).toBe('87 %')
  expect(percent(null)).toBe('–')
})

test('an interval is never shown narrower than it is', () => {
  expect(interval({ shown: 8, found: 7, sensitivity: 0.875, low: 0.4735, high: 0.9968 })).toBe('47–100 %')
  expect(interval({ shown: 0, found: 0, sensitivity: null, low: null, high: null })).toBe('')
})
