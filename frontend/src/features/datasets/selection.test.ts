import { expect, test } from 'vitest'
import type { Drive } from '../../api/types'
import { type Chosen, framesChosen, placed, placesOf } from './selection'

const NONE: Chosen = new Map()

function drive(id: number, frames: number, audited: number, excluded = 0): Drive {
  return { id, counts: { frames, audited, excluded } } as Drive
}

test('a drive is in one split only', () => {
  const chosen = placed(placed(NONE, 4, 'train'), 4, 'val')
  expect(placesOf(chosen)).toEqual([{ drive: 4, split: 'val' }])
})

test('a drive can be taken out again, and the selection before stays as it was', () => {
  const before = placed(NONE, 4, 'train')
  expect(placesOf(placed(before, 4, null))).toEqual([])
  expect(placesOf(before)).toEqual([{ drive: 4, split: 'train' }])
})

test('only audited frames count unless unaudited ones are included; excluded ones never do', () => {
  const drives = [drive(1, 100, 40, 5), drive(2, 50, 50), drive(3, 10, 0)]
  const chosen = placed(placed(NONE, 1, 'train'), 2, 'test')
  expect(framesChosen(drives, chosen, false)).toBe(90)
  expect(framesChosen(drives, chosen, true)).toBe(145)
})

test('what is unaudited is what TrainPseudo takes, and TrainGT and Test never', () => {
  const mixed = { id: 1, counts: { frames: 100, audited: 40, prelabelled: 50, in_audit: 3, excluded: 5 } } as Drive
  const frames = (split: 'TrainGT' | 'TrainPseudo' | 'Test') => framesChosen([mixed], placed(NONE, 1, split), true)
  expect([frames('TrainGT'), frames('TrainPseudo'), frames('Test')]).toEqual([40, 53, 40])
})
