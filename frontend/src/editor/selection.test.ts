import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeUser, labelBox } from '../testing/desk'
import { flagging } from './scene/decisions'
import { selectedBoxes } from './state'

const BOXES = [
  labelBox('a', { priority: 0.9, x: 100, y: 100, width: 100, height: 100 }),
  labelBox('b', { priority: 0.8, x: 400, y: 100, width: 100, height: 100 }),
  labelBox('c', { priority: 0.7, x: 700, y: 100, width: 100, height: 100, category: 12, state: 'missed_candidate' }),
  labelBox('d', { priority: 0.6, x: 1_780, y: 900, width: 100, height: 100 }),
]

let user: FakeUser
beforeEach(() => {
  user = new FakeUser(BOXES, { zoomToBox: false })
})
afterEach(() => {
  vi.useRealTimers()
})
const group = (): string[] => selectedBoxes(user.editor.state).map((box) => box.client_id)
const states = (): string[] => (user.editor.state.labelled?.boxes ?? []).map((box) => box.state)

describe('several boxes are selected', () => {
  test('by clicks with Shift, which also take one out', () => {
    user.click([450, 150], { adds: true })
    user.click([1_830, 950], { adds: true })
    expect(group()).toEqual(['a', 'b', 'd'])
    user.click([450, 150], { adds: true })
    expect(group()).toEqual(['a', 'd'])
    user.click([150, 150], { adds: true })
    expect(group()).toEqual(['d'])
    expect(user.host.said).toEqual(['2 boxes selected', '3 boxes selected', '2 boxes selected', '1 box selected'])
  })

  test('by a band around their middles; the one in question stays', () => {
    user.drag([360, 60], [780, 160], { adds: true })
    expect(group()).toEqual(['a', 'b', 'c'])
    expect(user.editor.state.band).toBeNull()
    user.drag([1_000, 500], [1_200, 600], { adds: true })
    expect(group()).toEqual(['a', 'b', 'c'])
  })

  test('by keys: the next too, those alike, every one', () => {
    user.keys('Shift+a', 'Shift+a')
    expect(group()).toEqual(['a', 'b', 'c'])
    user.keys('Tab', 'a')
    expect(group()).toEqual(['b', 'a', 'd'])
    user.key('Mod+a')
    expect(group()).toEqual(['b', 'a', 'c', 'd'])
    user.key('Escape')
    expect(group()).toEqual(['b'])
  })

  test('but none that is hidden', () => {
    user.editor.prefer({ hiddenCategories: [12] })
    user.drag([60, 60], [1_900, 1_000], { adds: true })
    expect(group()).toEqual(['a', 'b', 'd'])
  })
})

describe('what is done to a selection is done to all, as one', () => {
  const once = (): number => user.host.recorded.length

  test('accept, and its undo brings the selection back', () => {
    user.keys('Shift+a', 'Shift+a', 'Enter')
    expect(states()).toEqual(['accepted', 'accepted', 'accepted', 'pending'])
    expect(group()).toEqual(['d'])
    expect(once()).toBe(1)
    user.key('Mod+z')
    expect(states()).toEqual(['pending', 'pending', 'missed_candidate', 'pending'])
    expect(group()).toEqual(['a', 'b', 'c'])
    expect(once()).toBe(2)
  })

  test('reject, which finishes the frame with the last', () => {
    user.keys('Mod+a', 'x')
    expect(states()).toEqual(['rejected', 'rejected', 'dismissed', 'rejected'])
    expect(user.host.operations.at(-1)).toBe('finish')
    expect(user.host.said.at(-1)).toBe('Rejected 4 boxes, frame finished')
  })

  test('relabel; what has that category already is accepted', () => {
    user.keys('Shift+a', 'Shift+a', '2')
    expect(user.host.operations).toEqual(['a relabel', 'b relabel', 'c accept'])
    expect(once()).toBe(1)
  })

  test('flags: set on all, then off all', () => {
    user.keys('o', 'Shift+a', 'o')
    expect(['a', 'b'].map((id) => user.box(id)?.occluded)).toEqual([true, true])
    expect(user.host.operations).toEqual(['a flag', 'b flag'])
    user.key('o')
    expect(['a', 'b'].map((id) => user.box(id)?.occluded)).toEqual([false, false])
    expect(flagging([], 'crowd')).toEqual({ on: false, changes: [] })
  })

  test('nudges and drags; each box stops at the edge of the frame', () => {
    vi.useFakeTimers()
    user.keys('e', 'Shift+a', 'ArrowRight', 'Shift+ArrowDown')
    vi.advanceTimersByTime(700)
    expect(user.box('a')).toMatchObject({ x: 101, y: 110 })
    expect(user.box('b')).toMatchObject({ x: 401, y: 110 })
    user.keys('Mod+a')
    user.drag([450, 150], [550, 150])
    expect(user.box('c')).toMatchObject({ x: 800 })
    expect(user.box('d')).toMatchObject({ x: 1_820, width: 100 })
    expect(once()).toBe(2)
  })

  test('a click without Shift leaves the one that was clicked', () => {
    user.keys('Mod+a')
    user.click([450, 150])
    expect(group()).toEqual(['b'])
    expect(user.host.operations).toEqual([])
  })
})
