import { describe, expect, test } from 'vitest'
import type { Disagreement } from '../../api/types'
import { placeIn, placeOf } from './opinions'

const label = (x: number, width: number) => ({ box: '', category: 1, name: 'car', x, y: 10, width, height: 20 })

function row(first: ReturnType<typeof label> | null, second: ReturnType<typeof label> | null): Disagreement {
  const [a, b] = [first, second].map((one) => ({ user: { id: 1, name: 'A' }, label: one }))
  return { id: 1, first: a, second: b } as Disagreement
}

describe('the place of a disagreement', () => {
  test('is what both labels cover, or the one that there is', () => {
    expect(placeOf(row(label(0, 50), label(30, 60)))).toEqual({ x: 0, y: 10, width: 90, height: 20 })
    expect(placeOf(row(null, label(30, 60)))).toEqual({ x: 30, y: 10, width: 60, height: 20 })
  })

  test('stays in the list when rows leave it', () => {
    const rows = [row(label(0, 1), null), row(label(0, 1), null)]
    expect([placeIn(rows, 1), placeIn(rows, 2), placeIn([], 3)]).toEqual([1, 1, 0])
  })
})
