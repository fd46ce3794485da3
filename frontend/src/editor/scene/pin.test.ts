import { beforeEach, describe, expect, test } from 'vitest'
import { FakeUser, labelBox } from '../../testing/desk'
import { screenPoint } from '../math/point'
import { onScreen, type Pin, pinAt } from './pin'

const pin = (changes: Partial<Pin>): Pin => ({
  id: 1,
  number: 1,
  box: null,
  x: null,
  y: null,
  resolved: false,
  ...changes,
})

let user: FakeUser
beforeEach(() => {
  user = new FakeUser([labelBox('car', { x: 100, y: 100, width: 50, height: 40 })])
})

describe('a pin', () => {
  test('goes along with its box, beside the corner where a handle is', () => {
    const before = onScreen(pin({ box: 'car', x: 0, y: 0 }), user.editor.state)
    user.editor.select('car', { zoom: false })
    user.keys('e', 'Shift+ArrowRight')
    user.editor.commitDraft()
    const after = onScreen(pin({ box: 'car', x: 0, y: 0 }), user.editor.state)
    expect((after?.x ?? 0) - (before?.x ?? 0)).toBeCloseTo(10 * user.editor.state.camera.scale)
  })

  test('of a box that is gone stays where the box was; one about the frame is nowhere', () => {
    expect(onScreen(pin({ box: 'gone', x: 30, y: 40 }), user.editor.state)).not.toBeNull()
    expect(onScreen(pin({}), user.editor.state)).toBeNull()
  })

  test('that is open is found before a resolved one in the same place', () => {
    user.editor.set({ pins: [pin({ id: 1, x: 300, y: 200, resolved: true }), pin({ id: 2, x: 300, y: 200 })] })
    const at = onScreen(pin({ x: 300, y: 200 }), user.editor.state) ?? screenPoint(0, 0)
    expect(pinAt(user.editor.state, at)?.id).toBe(2)
    expect(pinAt(user.editor.state, screenPoint(at.x + 40, at.y))).toBeNull()
  })
})

describe('commenting by keys', () => {
  test('I opens the dialog about the box, and what was pinned before is forgotten', () => {
    user.key('i')
    expect(user.editor.state).toMatchObject({ dialog: 'comment', pinPoint: null })
    user.key('Escape')
    expect(user.editor.state.dialog).toBeNull()
  })

  test('Shift+I asks for a point, which the click gives; Escape leaves', () => {
    user.key('Shift+i')
    user.click([640, 360])
    expect(user.editor.state.dialog).toBe('comment')
    expect(user.editor.state.pinPoint?.x).toBeCloseTo(640)
    expect(user.editor.state.tool.path).toBe('select.idle')
    user.keys('Escape', 'Shift+i', 'Escape')
    expect(user.editor.state.tool.path).toBe('select.idle')
  })

  test('a click on a pin reads its conversation and moves nothing', () => {
    user.editor.set({ pins: [pin({ id: 7, x: 900, y: 300 })] })
    user.click([900, 300])
    expect(user.editor.state.thread).toBe(7)
    expect(user.host.operations).toEqual([])
  })
})
