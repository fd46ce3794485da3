import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type View, ViewsAhead } from './ahead'

const picture = (): ImageBitmap => ({ width: 1920, height: 1080, close: vi.fn() }) as unknown as ImageBitmap

class Canvas {
  static made: ImageBitmap[] = []
  getContext = () => ({ scale: () => {} })
  transferToImageBitmap = () => {
    const made = picture()
    Canvas.made.push(made)
    return made
  }
}

const image = picture()
const view = (x: number, of = image): View => ({
  image: of,
  frame: { width: 1920, height: 1080 },
  camera: { scale: 2, x, y: 0 },
  stage: { width: 960, height: 540 },
})

beforeEach(() => {
  Canvas.made = []
  vi.stubGlobal('OffscreenCanvas', Canvas)
})
afterEach(() => vi.unstubAllGlobals())

test('scales one view at a time, until all that may come are there', () => {
  const paint = vi.fn()
  const ahead = new ViewsAhead(paint)
  expect(ahead.prepare([view(1), view(2)], 1)).toBe(true)
  expect(ahead.prepare([view(1), view(2)], 1)).toBe(true)
  expect(ahead.prepare([view(1), view(2)], 1)).toBe(false)
  expect(paint.mock.calls.map(([, drawn]) => drawn.camera.x)).toEqual([1, 2])
})

test('gives a picture for that view alone: another camera, stage, screen or image is scaled anew', () => {
  const ahead = new ViewsAhead(() => {})
  ahead.prepare([view(1)], 1)
  expect(ahead.get(view(1), 1)).toBe(Canvas.made[0])
  expect(ahead.get(view(2), 1)).toBeNull()
  expect(ahead.get(view(1), 2)).toBeNull()
  expect(ahead.get(view(1, picture()), 1)).toBeNull()
  expect(ahead.get({ ...view(1), stage: { width: 961, height: 540 } }, 1)).toBeNull()
})

test('keeps four, and closes the oldest that can not come next', () => {
  const ahead = new ViewsAhead(() => {})
  for (const x of [1, 2, 3, 4]) ahead.prepare([view(x)], 1)
  ahead.prepare([view(1), view(5)], 1)
  expect(ahead.get(view(1), 1)).not.toBeNull()
  expect(ahead.get(view(2), 1)).toBeNull()
  expect(Canvas.made[1]?.close).toHaveBeenCalledOnce()
  ahead.close()
  for (const made of Canvas.made) expect(made.close).toHaveBeenCalledOnce()
})
