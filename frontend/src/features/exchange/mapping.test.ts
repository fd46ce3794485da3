import { expect, test } from 'vitest'
import type { LabelImport } from '../../api/types'
import { firstMapping, unmapped } from './mapping'

const categories = [
  { name: 'CAR', boxes: 3, ours: 'car', ignore: false },
  { name: 'zeppelin', boxes: 1, ours: null, ignore: false },
  { name: '(ignore)', boxes: 1, ours: null, ignore: true },
]
const survey = { categories } as LabelImport['survey']

test('names suggest a category; what has none is left to the person', () => {
  const mapping = firstMapping({ survey, mapping: {} })
  expect(mapping).toEqual({ CAR: 'car' })
  expect(unmapped(categories, mapping)).toEqual(['zeppelin'])
})

test('what was chosen before stands, also that a category is to be ignored', () => {
  const mapping = firstMapping({ survey, mapping: { CAR: 'truck', zeppelin: null } })
  expect(mapping).toEqual({ CAR: 'truck', zeppelin: null })
  expect(unmapped(categories, mapping)).toEqual([])
})
