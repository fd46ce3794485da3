import { describe, expect, test } from 'vitest'
import { HANDLES, handleAt, handlePoint, resized } from './handles'
import { imagePoint } from './point'

const FRAME = { width: 1920, height: 1080 }
const BOX = { x: 100, y: 100, width: 200, height: 100 }

describe('a handle', () => {
  test.each(HANDLES)('%s is found where it is drawn', (handle) => {
    const at = handlePoint(BOX, handle)
    expect(handleAt(BOX, imagePoint(at.x + 3, at.y - 3), 6)).toBe(handle)
  })

  test('is not found farther away than the tolerance', () => {
    expect(handleAt(BOX, imagePoint(150, 150), 6)).toBeNull()
  })

  test.each(HANDLES)('%s dragged onto itself changes nothing', (handle) => {
    expect(resized(BOX, handle, handlePoint(BOX, handle), FRAME)).toEqual(BOX)
  })

  test('never turns a box inside out, and never leaves the frame', () => {
    expect(resized(BOX, 'se', imagePoint(0, 0), FRAME)).toEqual({ x: 100, y: 100, width: 1, height: 1 })
    expect(resized(BOX, 'nw', imagePoint(-50, -50), FRAME)).toEqual({ x: 0, y: 0, width: 300, height: 200 })
  })
})
