import { expect, test } from 'vitest'
import type { FrameBox } from '../../api/types'
import { labelsShown, readsOf } from './shown'

const box = (values: object) =>
  ({
    category: 1,
    x: 1,
    y: 2,
    width: 3,
    height: 4,
    score: 0.5,
    state: 'pending',
    crowd: false,
    ...values,
  }) as unknown as FrameBox

test('labels that stand are shown, from the score on; those of a person always', () => {
  const boxes = [
    box({}),
    box({ score: 0.2 }),
    box({ score: null, state: 'edited' }),
    box({ state: 'rejected' }),
    box({ state: 'missed_candidate' }),
    box({ state: 'dismissed' }),
    box({ crowd: true }),
  ]
  expect(labelsShown(boxes, new Map([[1, 'car']]), 0.3)).toEqual([
    { category: 'car', score: 0.5, x1: 1, y1: 2, x2: 4, y2: 6 },
    { category: 'car', score: null, x1: 1, y1: 2, x2: 4, y2: 6 },
  ])
})

test('the network reads as its manifest says', () => {
  const manifest = { input: { width: 512, height: 288, layout: 'NCHW' }, categories: ['car'], thresholds: { car: 0.4 } }
  expect(readsOf(manifest)).toEqual({ input: { width: 512, height: 288 }, categories: ['car'], floor: 0.05 })
})
