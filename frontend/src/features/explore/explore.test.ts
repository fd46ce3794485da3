import { describe, expect, test } from 'vitest'
import { brushed, lastWhole, placeOf } from './bins'
import { askedOf, exploreSearch, isOpenQuestion } from './search'
import { moved } from './tiles'

describe('the address', () => {
  test('holds the question and drops what is none', () => {
    const search = { kind: 'crops', drive: '7', risk_min: 0.25, score_max: 'x', text: 42, state: 'a b', hour_max: -1 }
    expect(exploreSearch(search)).toEqual({ kind: 'crops', drive: 7, risk_min: 0.25, text: '42' })
  })

  test('what is sent is the question alone', () => {
    const search = exploreSearch({ kind: 'crops', like_frame: 3, slice: 4, category: 2 })
    expect(search.like_frame).toBe(3)
    expect(askedOf(search)).toEqual({ category: 2 })
    expect(isOpenQuestion(exploreSearch({ kind: 'crops', slice: 4 }))).toBe(true)
  })
})

describe('a brush', () => {
  const edges = [0, 8, 32, 96, 512]

  test('takes whole bins, from either side', () => {
    expect(brushed(edges, 0.9, 2.2)).toEqual([8, 96])
    expect(brushed(edges, 2.2, 0.9)).toEqual([8, 96])
  })

  test('over all of it opens the range', () => {
    expect(brushed(edges, -0.5, 3.5)).toBeNull()
  })

  test('hours end with the hour that begins last', () => {
    expect(lastWhole(9)).toBe(8)
  })

  test('values lie in their bin by their share of it', () => {
    expect(placeOf(edges, 20)).toBe(1.5)
    expect(placeOf(edges, 9999)).toBe(4)
  })
})

describe('arrows', () => {
  test('move inside the grid and stay at its edges', () => {
    expect(moved('ArrowDown', 1, 10, 4, 3)).toBe(5)
    expect(moved('ArrowUp', 1, 10, 4, 3)).toBe(1)
    expect(moved('End', 1, 10, 4, 3)).toBe(9)
    expect(moved('PageDown', 1, 10, 4, 3)).toBe(9)
    expect(moved('x', 1, 10, 4, 3)).toBeNull()
  })
})
