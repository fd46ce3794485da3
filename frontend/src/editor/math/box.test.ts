import { describe, expect, test } from 'vitest'
import { contains, describeBox, fromCorners, moved, stretched } from './box'
import { imagePoint } from './point'

const FRAME = { width: 1920, height: 1080 }
const BOX = { x: 100, y: 50, width: 40, height: 20 }

describe('a box', () => {
  test('stops at the edges of the frame when moved, and keeps its size', () => {
    expect(moved(BOX, -500, 5_000, FRAME)).toEqual({ x: 0, y: 1060, width: 40, height: 20 })
  })

  test('keeps one pixel when its edges are pushed together, and the frame when they are pulled apart', () => {
    expect(stretched(BOX, -500, -500, FRAME)).toEqual({ x: 100, y: 50, width: 1, height: 1 })
    expect(stretched(BOX, 9_999, 9_999, FRAME)).toEqual({ x: 100, y: 50, width: 1820, height: 1030 })
  })

  test('is the same from whichever corner it is drawn, and is cut to the frame', () => {
    const [a, b] = [imagePoint(30, 400), imagePoint(-20, 10)]
    expect(fromCorners(a, b, FRAME)).toEqual({ x: 0, y: 10, width: 30, height: 390 })
    expect(fromCorners(b, a, FRAME)).toEqual(fromCorners(a, b, FRAME))
  })

  test('holds its edges, and a margin when asked', () => {
    expect(contains(BOX, imagePoint(140, 70))).toBe(true)
    expect(contains(BOX, imagePoint(142, 70))).toBe(false)
    expect(contains(BOX, imagePoint(142, 70), 2)).toBe(true)
  })

  test('reads as size and place', () => {
    expect(describeBox({ x: 640.4, y: 401.7, width: 312, height: 139.6 })).toBe('312×140 at 640,402')
  })
})
