import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeUser, labelBox, labelledFrame } from '../testing/desk'
import { imagePoint } from './math/point'

const THREE = [
  labelBox('low', { priority: 0.1, x: 900, y: 600 }),
  labelBox('high', { priority: 0.9 }),
  labelBox('candidate', { priority: 0.5, state: 'missed_candidate', x: 1_400, y: 200 }),
]

let user: FakeUser
beforeEach(() => {
  user = new FakeUser(THREE)
})
afterEach(() => {
  vi.useRealTimers()
})
const selected = (): string | null => user.editor.state.selected

describe('what may come next', () => {
  test('is the next open box, seen as after the decision', () => {
    const [next] = user.editor.upcoming()
    user.key('Enter')
    expect(next).toMatchObject({ selected: 'candidate', camera: user.editor.state.camera })
  })

  test('is then a frame nearby, seen as when it is loaded; nothing is changed by the question', () => {
    const labelled = labelledFrame([labelBox('there', { x: 1_500, y: 900 })], 2)
    const image = { width: 1920, height: 1080 } as ImageBitmap
    user.host.ready = [{ labelled, image }]
    const frame = user.editor.upcoming()[1]
    expect(user.editor.state.labelled?.frame.id).toBe(1)
    user.editor.load(labelled, image, user.editor.state.categories)
    expect(frame).toMatchObject({ image, selected: 'there', camera: user.editor.state.camera })
  })
})

describe('deciding by keys', () => {
  test('begins at the riskiest box and goes on by itself', () => {
    expect(selected()).toBe('high')
    user.key('Enter')
    expect(selected()).toBe('candidate')
    user.key('x')
    expect(selected()).toBe('low')
    expect(user.host.operations).toEqual(['high accept', 'candidate reject'])
  })

  test('finishes the frame with the last open box, and shows the next', () => {
    user.keys('Enter', 'x', '2')
    expect(user.host.operations).toEqual(['high accept', 'candidate reject', 'low relabel', 'finish'])
    expect(user.host.calls).toEqual(['advance'])
    expect(user.editor.state.labelled?.frame.state).toBe('audited')
  })

  test('accepts a candidate for a missed object as a box', () => {
    user.keys('Tab', 'Enter')
    expect(user.box('candidate')?.state).toBe('accepted')
  })

  test('relabels with a digit and goes on, with shift and stays', () => {
    user.key('Shift+3')
    expect(selected()).toBe('high')
    expect(user.box('high')).toMatchObject({ category: 13, state: 'edited' })
    user.key('2')
    expect(user.box('high')).toMatchObject({ category: 12 })
    expect(selected()).toBe('candidate')
  })

  test('takes the same category again for an accept', () => {
    user.key('1')
    expect(user.host.operations).toEqual(['high accept'])
  })

  test('accepts the rest, dismisses candidates and finishes with Shift+Enter', () => {
    user.keys('x', 'Shift+Enter')
    expect(user.host.operations).toEqual(['high reject', 'low accept', 'candidate reject', 'finish'])
  })

  test('finishes a frame that has nothing to decide with Enter', () => {
    user = new FakeUser([])
    user.key('Enter')
    expect(user.host.operations).toEqual(['finish'])
  })

  test('does not decide twice when a key repeats or bounces', () => {
    user.key('Enter')
    user.key('Enter', { afterMs: 500, repeat: true })
    user.key('Enter', { afterMs: 33, repeat: true })
    user.key('x', { afterMs: 60 })
    user.key('x', { afterMs: 60 })
    expect(user.host.operations).toEqual(['high accept', 'candidate reject'])
  })

  test('sends the seconds that the decision took', () => {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_500)
    user.key('Enter')
    const operation = user.host.recorded[0]?.steps[0]?.operation
    expect(operation?.seconds).toBeGreaterThan(2)
    vi.restoreAllMocks()
  })

  test('is off for single keys when the person says so', () => {
    user.editor.set({ keys: { ...user.editor.state.keys, singleKeys: false } })
    expect(user.key('x')).toBe(false)
    expect(user.key('Enter')).toBe(true)
    expect(user.host.operations).toEqual(['high accept'])
  })

  test('says each decision aloud', () => {
    user.keys('Enter', 'x')
    expect(user.host.said).toEqual(['Accepted', 'Dismissed'])
  })
})

describe('undo', () => {
  test('takes back the last decision and returns to its box', () => {
    user.keys('Enter', 'Mod+z')
    expect(selected()).toBe('high')
    expect(user.box('high')?.state).toBe('pending')
    const [accept, undo] = user.host.recorded.map(({ steps }) => steps[0]?.operation)
    expect(undo).toMatchObject({ kind: 'undo', operation: accept?.id })
  })

  test('of the last decision of a frame opens the frame again, in the right order', () => {
    user.keys('Shift+Enter', 'Mod+z')
    expect(user.host.operations.slice(4)).toEqual(['reopen', 'undo', 'undo', 'undo'])
    expect(user.editor.state.labelled?.boxes.map((box) => box.state)).toEqual([
      'pending',
      'missed_candidate',
      'pending',
    ])
  })

  test('redoes, and undoes what was redone', () => {
    user.keys('x', 'Mod+z', 'Mod+Shift+z')
    expect(user.box('high')?.state).toBe('rejected')
    user.key('Mod+z')
    expect(user.box('high')?.state).toBe('pending')
  })

  test('forgets what was undone when something new is done', () => {
    user.keys('x', 'Mod+z', 'Enter', 'Mod+y')
    expect(user.host.operations).toEqual(['high reject', 'undo', 'high accept'])
  })

  test('goes to the frame that the decision was made on, and has it brought when that is not at hand', () => {
    user.key('Enter')
    user.editor.load(labelledFrame([labelBox('other')], 2), null, user.editor.state.categories)
    user.key('Mod+z')
    expect(user.host.calls).toEqual(['open 1', 'recall'])
    expect(user.host.operations).toEqual(['high accept'])
  })
})

describe('a frame that no model has labelled', () => {
  const blank = (): FakeUser => new FakeUser([])

  test('takes a category by its key, and the box that is drawn next is one', () => {
    const person = blank()
    person.key('2')
    person.drag([100, 100], [300, 200])
    expect(person.editor.state.labelled?.boxes.map(({ category, state }) => [category, state])).toEqual([
      [12, 'accepted'],
    ])
  })

  test('changes its mind about the next box while the tool waits, not about the last one', () => {
    const person = blank()
    person.key('2')
    person.drag([100, 100], [300, 200])
    person.keys('n', '3')
    person.drag([400, 100], [500, 200])
    expect(person.editor.state.labelled?.boxes.map(({ category }) => category)).toEqual([12, 13])
  })

  test('keeps the frame open when the new box is relabelled', () => {
    const person = blank()
    person.key('n')
    person.drag([100, 100], [300, 200])
    person.key('3')
    expect(person.host.calls).toEqual([])
    expect(person.editor.state.labelled?.boxes.map(({ category }) => category)).toEqual([13])
    person.key('Shift+Enter')
    expect(person.host.calls).toEqual(['advance'])
    expect(person.host.operations.at(-1)).toBe('finish')
  })
})

describe('geometry by keys', () => {
  test('nudges become one operation when the person stops', () => {
    vi.useFakeTimers()
    user.keys('e', 'ArrowRight', 'ArrowRight', 'Shift+ArrowDown', 'Alt+ArrowLeft')
    expect(user.host.operations).toEqual([])
    vi.advanceTimersByTime(700)
    expect(user.host.operations).toEqual(['high reshape'])
    expect(user.box('high')).toMatchObject({ x: 102, y: 110, width: 199, height: 100, state: 'edited' })
  })

  test('are committed before the next decision', () => {
    user.keys('e', 'ArrowUp', 'Enter')
    expect(user.host.operations).toEqual(['high reshape'])
    expect(selected()).toBe('candidate')
  })

  test('are dropped by Escape', () => {
    user.keys('e', 'ArrowUp', 'Escape', 'Escape')
    expect(user.editor.state).toMatchObject({ draft: null, editing: false })
    expect(user.host.operations).toEqual([])
  })

  test('arrows go between open boxes when no box is in edit', () => {
    user.key('ArrowRight')
    expect(selected()).toBe('candidate')
    user.key('ArrowLeft')
    expect(selected()).toBe('high')
  })
})

describe('the pointer', () => {
  test('drags the selected box, and escape lets it go where it was', () => {
    user.drag([200, 150], [260, 190])
    expect(user.box('high')).toMatchObject({ x: 160, y: 140 })
    user.point('down', imagePoint(260, 190))
    user.point('move', imagePoint(400, 400))
    user.key('Escape')
    expect(user.editor.state.draft).toBeNull()
    expect(user.host.operations).toEqual(['high reshape'])
  })

  test('resizes by a handle', () => {
    user.drag([300, 200], [350, 260])
    expect(user.box('high')).toMatchObject({ x: 100, y: 100, width: 250, height: 160 })
  })

  test('selects by a click, and the box underneath by the next', () => {
    user = new FakeUser([labelBox('vehicle'), labelBox('face', { x: 150, y: 120, width: 30, height: 30 })])
    user.editor.select(null)
    user.click([165, 135])
    expect(selected()).toBe('face')
    user.click([165, 135])
    expect(selected()).toBe('vehicle')
    expect(user.host.operations).toEqual([])
  })

  test('pans with the middle button, over boxes too', () => {
    const before = user.editor.state.camera
    user.drag([200, 150], [150, 150], { button: 1 })
    expect(user.editor.state.camera.x).not.toBe(before.x)
    expect(user.host.operations).toEqual([])
  })

  test('pans while space is held, then selects again', () => {
    user.key(' ')
    expect(user.editor.state.tool.path).toBe('pan.hand')
    user.drag([200, 150], [150, 150])
    user.release()
    expect(user.editor.state.tool.path).toBe('select.idle')
    expect(user.host.operations).toEqual([])
  })

  test('draws a box of the category last used, selects it, and a slip draws nothing', () => {
    user.editor.fit()
    user.key('n')
    user.click([500, 500])
    expect(user.host.operations).toEqual([])
    user.drag([500, 500], [700, 640])
    const created = user.box(selected() ?? '')
    expect(created).toMatchObject({ x: 500, y: 500, width: 200, height: 140, category: 11, source: 'human' })
    expect(user.editor.state.tool.path).toBe('select.idle')
  })
})

describe('the view', () => {
  test('keeps the whole frame when zooming to boxes is off', () => {
    const zoomed = user.editor.state.camera.scale
    user.key('b')
    expect(user.editor.state.camera.scale).toBe(0.5)
    user.key('b')
    expect(user.editor.state.camera.scale).toBe(zoomed)
  })

  test('shows original pixels while Z is held', () => {
    const before = user.editor.state.camera
    user.key('z')
    expect(user.editor.state.camera.scale).toBe(1)
    user.release()
    expect(user.editor.state.camera).toBe(before)
  })

  test('keeps hidden boxes out of reach of the pointer', () => {
    user.key('h')
    expect(user.editor.boxesAt(imagePoint(150, 150))).toEqual([])
  })
})
