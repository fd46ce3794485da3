// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { behind } from '../../../editor/afterPaint'
import { Trailing } from './trailing'

interface Shown {
  readonly frame: number
  readonly dialog: string | null
}

const order: string[] = []

function trailing() {
  const store = createStore<Shown>(() => ({ frame: 1, dialog: null }))
  const panels = new Trailing(store.getState, store.subscribe, (shown, next) => shown.dialog !== next.dialog)
  panels.subscribe(() => order.push(`panels ${panels.state.frame}`))
  return { store, panels }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'requestAnimationFrame'] })
  order.length = 0
})

afterEach(() => vi.useRealTimers())

test('the stage is drawn and measured before the panels hear of the frame, and they hear once', () => {
  const { store, panels } = trailing()
  store.setState({ frame: 2 })
  store.setState({ frame: 3 })
  requestAnimationFrame(() => {
    order.push('drawn')
    setTimeout(() => order.push('measured'))
  })
  expect(panels.state.frame).toBe(1)
  vi.runAllTimers()
  expect(order).toEqual(['drawn', 'measured', 'panels 3'])
})

test('where the stage waits for its picture the panels come behind it, and in any case soon', async () => {
  const { store, panels } = trailing()
  let bring = (): void => {}
  behind(new Promise<void>((resolve) => (bring = resolve)))
  store.setState({ frame: 2 })
  await vi.advanceTimersByTimeAsync(60)
  expect(panels.state.frame).toBe(1)
  bring()
  await vi.advanceTimersByTimeAsync(40)
  expect(panels.state.frame).toBe(2)

  behind(new Promise(() => {}))
  store.setState({ frame: 3 })
  await vi.advanceTimersByTimeAsync(200)
  expect(panels.state.frame).toBe(3)
})

test('a dialog takes the next key, so it is there at once', () => {
  const { store, panels } = trailing()
  store.setState({ dialog: 'palette' })
  expect(panels.state.dialog).toBe('palette')
  expect(order).toEqual(['panels 1'])
})

test('a page in the background paints nothing, and is told all the same', () => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  vi.stubGlobal('requestAnimationFrame', () => 0)
  const { store, panels } = trailing()
  store.setState({ frame: 2 })
  vi.runAllTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  expect(panels.state.frame).toBe(2)
})
