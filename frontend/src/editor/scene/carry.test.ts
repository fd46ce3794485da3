import { describe, expect, test } from 'vitest'
import { FakeUser, labelBox, labelledFrame } from '../../testing/desk'
import { iou } from '../math/box'
import { selectedBoxes } from '../state'
import { carriedOnto } from './carry'

const FRAME = { width: 1920, height: 1080 }
const kinds = (there: Parameters<typeof carriedOnto>[0], boxes: Parameters<typeof carriedOnto>[1]): string[] =>
  carriedOnto(there, boxes, FRAME).map((change) =>
    `${change.kind} ${change.kind === 'create' ? '' : 'box' in change && change.box}`.trim(),
  )

test('iou is the common share', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 }
  expect(iou(box, box)).toBe(1)
  expect(iou(box, { ...box, x: 5 })).toBeCloseTo(1 / 3)
  expect(iou(box, { ...box, x: 10 })).toBe(0)
})

describe('a box that is carried', () => {
  const car = labelBox('car', { state: 'accepted' })

  test('is drawn where nothing like it is', () => {
    expect(carriedOnto([], [car], FRAME)).toMatchObject([{ kind: 'create', category: 11, x: 100, y: 100, width: 200 }])
    expect(kinds([labelBox('truck', { category: 12 })], [car])).toEqual(['create'])
    expect(kinds([labelBox('far', { x: 800 })], [car])).toEqual(['create'])
  })

  test('moves the open box of its category that overlaps it most, and no decided one', () => {
    const near = labelBox('near', { x: 150 })
    const nearer = labelBox('nearer', { x: 110 })
    expect(kinds([near, nearer], [car])).toEqual(['reshape nearer'])
    expect(kinds([{ ...nearer, state: 'accepted' }], [car])).toEqual(['create'])
  })

  test('takes a box of its own: two never move the same', () => {
    const two = [car, labelBox('beside', { x: 120, state: 'accepted' })]
    expect(kinds([labelBox('only', { x: 105 })], two)).toEqual(['reshape only', 'create'])
  })

  test('has a category and was not rejected', () => {
    expect(
      kinds([], [labelBox('ignore', { category: null, crowd: true }), labelBox('gone', { state: 'rejected' })]),
    ).toEqual([])
  })
})

describe('on the next frame', () => {
  test('Ctrl+B carries what is selected', () => {
    const user = new FakeUser([labelBox('a', { priority: 1 }), labelBox('b', { x: 900 })])
    user.keys('Shift+a', 'Mod+b')
    expect(user.host.calls).toEqual(['carry a b'])
  })

  test('all arrive as one change, selected, and go by one undo', () => {
    const user = new FakeUser([])
    user.editor.load(labelledFrame([labelBox('own', { x: 90 })], 2), null, user.editor.state.categories)
    user.editor.receive([labelBox('a'), labelBox('b', { x: 900, category: 12 })])
    expect(user.host.operations.map((operation) => operation.split(' ').at(-1))).toEqual(['reshape', 'create'])
    expect(user.host.recorded.length).toBe(1)
    expect(selectedBoxes(user.editor.state).map(({ x, state }) => [x, state])).toEqual([
      [100, 'edited'],
      [900, 'accepted'],
    ])
    user.key('Mod+z')
    expect(user.box('own')).toMatchObject({ x: 90, state: 'pending' })
    expect(user.editor.state.labelled?.boxes.at(-1)?.state).toBe('rejected')
  })
})
