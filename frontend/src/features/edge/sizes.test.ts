import { expect, test } from 'vitest'
import { baseOf, LABELS, labelsOf, refinementsOf, sizeWith } from './sizes'

test('a name is taken apart and put together again', () => {
  expect([baseOf('tiny+relu'), baseOf('nano-lite'), baseOf('s')]).toEqual(['tiny', 'nano', 's'])
  expect(refinementsOf('s+stem+relu')).toEqual(['relu', 'stem'])
  for (const size of ['tiny', 'tiny+relu', 'nano-lite', 's+stem+16'])
    expect(sizeWith(baseOf(size), refinementsOf(size))).toBe(size)
})

test('all refinements together are Lite', () => {
  expect(sizeWith('s', ['16', 'pools', 'stem', 'relu'])).toBe('s-lite')
})

test('split and method say how labels are believed, and only those four ways have a name', () => {
  for (const one of LABELS) expect(labelsOf(one.split, one.method)).toBe(one)
  expect(labelsOf('TrainGT', 'rpld')).toBeUndefined()
})
