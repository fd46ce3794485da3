import { expect, test } from 'vitest'
import type { AuditBound } from '../../api/types'
import { knownOf, mayDraw, outlookOf, percentUp } from './bound'

const BOUND: AuditBound = {
  target: 0.02,
  confidence: 0.95,
  sample: 1,
  size: 1000,
  population: 5000,
  seen: 100,
  wrong: 0,
  upper: 0.0377,
  enough: false,
  further: 214,
  replaced: false,
  corrected: null,
  certified: false,
  sensitivity: null,
  sensitivity_low: null,
  errors_shown: 0,
  errors_found: 0,
  strata: [],
  sentence: '',
}
const UNDRAWN = { ...BOUND, sample: null, size: 0, seen: 0, upper: null, further: null }

test('what is known grows from nothing drawn to a bound', () => {
  expect(knownOf(UNDRAWN)).toBe('undrawn')
  expect(knownOf({ ...BOUND, seen: 0, upper: null })).toBe('unseen')
  expect(knownOf(BOUND)).toBe('atMost')
})

test('the outlook tells the way to the target', () => {
  expect(outlookOf(UNDRAWN)).toBeNull()
  expect(outlookOf(BOUND)).toBe('further')
  expect(outlookOf({ ...BOUND, size: 150 })).toBe('furtherThanDrawn')
  expect(outlookOf({ ...BOUND, further: null })).toBe('never')
  expect(outlookOf({ ...BOUND, further: null, replaced: true })).toBe('replaced')
  expect(outlookOf({ ...BOUND, enough: true, further: 0 })).toBe('enough')
  const measured = { ...BOUND, enough: true, corrected: 0.03, further: 90 }
  expect(outlookOf(measured)).toBe('further')
  expect(outlookOf({ ...measured, corrected: 0.019, certified: true })).toBe('enough')
})

test('another sample is offered only where this one leads nowhere', () => {
  expect(mayDraw(UNDRAWN)).toBe(true)
  expect(mayDraw(BOUND)).toBe(false)
  expect(mayDraw({ ...BOUND, replaced: true })).toBe(true)
  expect(mayDraw({ ...BOUND, seen: 1000 })).toBe(true)
  expect(mayDraw({ ...BOUND, seen: 1000, enough: true })).toBe(false)
  expect(mayDraw({ ...BOUND, seen: 1000, enough: true, corrected: 0.03, further: 90 })).toBe(true)
})

test('a bound is rounded up', () => {
  expect(percentUp(0.0171)).toBe('1.8 %')
  expect(percentUp(0.02)).toBe('2.0 %')
})
