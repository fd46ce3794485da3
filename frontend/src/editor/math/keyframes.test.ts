import { expect, test } from 'vitest'
import { interpolated, type Key } from './keyframes'

const KEYS: Key[] = [
  { timeMs: 0, box: { x: 0, y: 0, width: 10, height: 10 } },
  { timeMs: 400, box: { x: 100, y: 50, width: 30, height: 20 } },
]

test('a quarter of the time is a quarter of the way, as on the server', () => {
  expect(interpolated(KEYS, 100)).toEqual({ x: 25, y: 12.5, width: 15, height: 12.5 })
})

test('every key is kept, and nothing is guessed beyond them', () => {
  expect(interpolated(KEYS, 400)).toBe(KEYS[1]?.box)
  expect([interpolated(KEYS, -1), interpolated(KEYS, 401), interpolated([], 0)]).toEqual([null, null, null])
})
