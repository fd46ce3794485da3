import { expect, test } from 'vitest'
import type { Dataset } from '../../api/types'
import { frozenVersions, splitsOf, usualSplit } from './versions'

function version(number: number, state: string, splits: Record<string, { frames: number }> = {}) {
  return { id: number, number, state, summary: { splits } }
}

const DATASETS = [
  {
    name: 'night',
    versions: [
      version(1, 'frozen', { train: { frames: 8 }, test: { frames: 2 }, val: { frames: 0 } }),
      version(2, 'frozen', { train: { frames: 4 } }),
      version(3, 'freezing'),
    ],
  },
] as unknown as Dataset[]

test('only frozen versions can be measured on, the newest first', () => {
  expect(frozenVersions(DATASETS).map(({ title }) => title)).toEqual(['night v2', 'night v1'])
})

test('splits without frames are left out; all of them is a choice where there are several', () => {
  const [single, several] = frozenVersions(DATASETS).map(splitsOf)
  expect(single).toEqual([{ name: 'train', frames: 4 }])
  expect(several).toEqual([
    { name: 'train', frames: 8 },
    { name: 'test', frames: 2 },
    { name: '', frames: 10 },
  ])
})

test.each([
  [['train', 'val', 'test', ''], 'test'],
  [['train', 'val', ''], 'val'],
  [['train'], 'train'],
  [[], ''],
] as const)('of the splits %j, %j is chosen first', (names, expected) => {
  expect(usualSplit(names.map((name) => ({ name, frames: 1 })))).toBe(expected)
})
