import { expect, test } from 'vitest'
import type { FrameBox, Taxonomy } from '../../api/types'
import { agreementOf, coloursOf, foundShown, labelsShown, looksShown, readsOf } from './shown'

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
    { category: 'car', score: 0.5, box_xywh: [1, 2, 3, 4] },
    { category: 'car', score: null, box_xywh: [1, 2, 3, 4] },
  ])
})

test('the network reads as its manifest says', () => {
  const manifest = { input: { width: 512, height: 288, layout: 'NCHW' }, categories: ['car'], thresholds: { car: 0.4 } }
  expect(readsOf(manifest)).toEqual({ input: { width: 512, height: 288 }, categories: ['car'], floor: 0.05 })
})

test('the browser tells corners, a worker sides: both come to the same boxes', () => {
  const found = [{ category: 'car', score: 0.5, x1: 1, y1: 2, x2: 4, y2: 6 }]
  const looked = [{ category: 'car', score: 0.5, box: [1, 2, 3, 4] }]
  expect(foundShown(found, 0.5)).toEqual(looksShown(looked, 0.5))
  expect(foundShown(found, 0.6)).toEqual([])
})

test('a category has one colour on both pictures: its own, or one by its name', () => {
  const colour = coloursOf([{ categories: [{ name: 'car', colour: '#123456' }] }] as Taxonomy[])
  expect(colour('car')).toBe('#123456')
  expect(colour('tram')).toBe(colour('tram'))
})

test('what both pictures have is counted once, another category apart', () => {
  const at = (category: string, x: number) =>
    ({ category, score: null, box_xywh: [x, 0, 10, 10] as [number, number, number, number] }) as const
  const told = agreementOf([at('car', 0), at('car', 50), at('bus', 100)], [at('truck', 101), at('car', 1)])
  expect(told).toMatchObject({ both: 1, renamed: 1, here: 1, beside: 0 })
  expect(told.marks).toEqual([
    ['kept', 'alone', 'changed'],
    ['changed', 'kept'],
  ])
})
