import { expect, test } from 'vitest'
import { Stopwatch } from './stopwatch'

test('counts work and leaves out pauses', () => {
  let now = 0
  const watch = new Stopwatch(() => now)
  now = 4_000
  watch.input()
  now = 400_000 // a coffee
  watch.input()
  now = 401_500
  expect(watch.lap()).toBe(5.5)
  now = 402_000
  expect(watch.lap()).toBe(0.5)
})
