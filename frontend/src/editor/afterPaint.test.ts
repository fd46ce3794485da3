// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { afterPaint, behind } from './afterPaint'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const never = (): Promise<unknown> => new Promise(() => {})

test('runs each piece of work once, after the next frame', async () => {
  const work = vi.fn()
  afterPaint(work)
  afterPaint(work)
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(40)
  expect(work).toHaveBeenCalledOnce()
})

test('waits for the picture of the stage, but not for one after the other', async () => {
  const work = vi.fn()
  behind(never())
  afterPaint(work)
  await vi.advanceTimersByTimeAsync(90)
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(12)
  behind(never())
  await vi.advanceTimersByTimeAsync(40)
  expect(work).toHaveBeenCalledOnce()
})
