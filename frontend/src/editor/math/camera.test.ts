import { describe, expect, test } from 'vitest'
import { fitScale, fitted, toImage, toScreen, zoomedAt, zoomedToBox } from './camera'
import { imagePoint, screenPoint } from './point'

const FRAME = { width: 1920, height: 1080 }
const VIEW = { width: 800, height: 600 }

describe('the camera', () => {
  test('goes to the screen and back', () => {
    const camera = { scale: 2.5, x: -130, y: 44 }
    const back = toImage(camera, toScreen(camera, imagePoint(321, 123)))
    expect([back.x, back.y]).toEqual([321, 123])
  })

  test('shows the whole frame, centred', () => {
    const camera = fitted(FRAME, VIEW)
    expect(toScreen(camera, imagePoint(0, 0)).x).toBeCloseTo(0)
    expect(toScreen(camera, imagePoint(960, 540))).toEqual({ x: 400, y: 300 })
  })

  test('zooms about the pointer: the pixel under it stays', () => {
    const at = screenPoint(250, 410)
    const before = fitted(FRAME, VIEW)
    const after = zoomedAt(before, at, 3, FRAME, VIEW)
    expect(after.scale).toBeCloseTo(before.scale * 3)
    expect(toImage(after, at).x).toBeCloseTo(toImage(before, at).x)
    expect(toImage(after, at).y).toBeCloseTo(toImage(before, at).y)
  })

  test('puts a box with its context on the stage, whole', () => {
    const box = { x: 900, y: 500, width: 120, height: 80 }
    const camera = zoomedToBox(box, FRAME, VIEW)
    expect((box.width * camera.scale) / VIEW.width).toBeCloseTo(1 / 2.5)
    expect(toScreen(camera, imagePoint(960, 540))).toEqual({ x: 400, y: 300 })
  })

  test('leaves a road around eight pixels', () => {
    const camera = zoomedToBox({ x: 900, y: 500, width: 8, height: 8 }, FRAME, VIEW)
    expect(VIEW.height / camera.scale).toBeGreaterThanOrEqual(200)
  })

  test('shows no margin beyond the frame when a box lies in its corner, and never less than the frame', () => {
    const corner = zoomedToBox({ x: 0, y: 0, width: 100, height: 100 }, FRAME, VIEW)
    expect([corner.x, corner.y]).toEqual([0, 0])
    expect(zoomedToBox({ x: 0, y: 0, ...FRAME }, FRAME, VIEW).scale).toBe(fitScale(FRAME, VIEW))
  })
})
