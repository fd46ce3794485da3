import { expect, test } from 'vitest'
import type { AuditCurve } from '../../api/types'
import { columnsOf, foundAt, known, verdictOf } from './rankings'

const ranking = (low: number | null, high: number | null, found: number[]) => ({
  gain: 0.5,
  low: 0.4,
  high: 0.6,
  difference: 0.1,
  difference_low: low,
  difference_high: high,
  found,
})

const CURVE: AuditCurve = {
  labels: 4,
  wrong: 2,
  blocks: 2,
  audited: 4,
  shares: [0, 0.5, 1],
  perfect: [0, 1, 1],
  rankings: { risk: ranking(0.02, 0.2, [0, 0.9, 1]), confidence: ranking(-0.1, 0.1, [0, 0.6, 1]) },
}

test('only an interval that leaves nil out says better or worse', () => {
  expect(verdictOf(CURVE, 'risk')).toBe('better')
  expect(verdictOf(CURVE, 'confidence')).toBe('open')
  const { risk: _, ...rest } = CURVE.rankings
  expect(verdictOf({ ...CURVE, rankings: { ...rest, margin: ranking(-0.3, -0.1, []) } }, 'margin')).toBe('worse')
  expect(verdictOf({ ...CURVE, rankings: { margin: ranking(null, null, []) } }, 'margin')).toBe('unknown')
  expect(verdictOf(CURVE, 'entropy')).toBe('unknown')
})

test('a plot has the random and the perfect order beside those chosen', () => {
  expect(columnsOf(CURVE, ['confidence'])).toEqual([CURVE.shares, CURVE.shares, CURVE.perfect, [0, 0.6, 1]])
})

test('rankings come in one order, and those that are not there not at all', () => {
  expect(known(CURVE, ['confidence', 'entropy', 'risk'])).toEqual(['risk', 'confidence'])
})

test('what is found in the first half of the queue', () => {
  expect(foundAt(CURVE, 'risk', 0.5)).toBe(0.9)
  expect(foundAt(CURVE, 'objectlab', 0.5)).toBeNull()
})
