import { expect, test, vi } from 'vitest'
import { BitmapRing } from './images'

const bitmap = (): ImageBitmap => ({ width: 1, height: 1, close: vi.fn() })

test('keeps the sixteen that were used last and closes the others', async () => {
  const made = new Map<number, ImageBitmap>()
  const ring = new BitmapRing({
    image: async (frame) => {
      const one = bitmap()
      made.set(frame, one)
      return one
    },
    thumbnail: async () => bitmap(),
  })
  for (let frame = 0; frame < 16; frame += 1) await ring.load(frame)
  ring.get(0)
  await ring.load(16)
  expect(ring.get(1)).toBeNull()
  expect(made.get(1)?.close).toHaveBeenCalledOnce()
  expect(ring.get(0)).toBe(made.get(0))
  ring.close()
  expect(made.get(16)?.close).toHaveBeenCalledOnce()
})

test('asks once for a frame that is on its way, and again after a failure', async () => {
  const image = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(bitmap())
  const ring = new BitmapRing({ image, thumbnail: async () => bitmap() })
  await Promise.allSettled([ring.load(5), ring.load(5)])
  expect(image).toHaveBeenCalledTimes(1)
  await ring.load(5)
  expect(image).toHaveBeenCalledTimes(2)
})

test('shows the thumbnail until the picture is there, and never after it', async () => {
  const [whole, small] = [bitmap(), bitmap()]
  let deliver = (_: ImageBitmap): void => {}
  const pictures = {
    image: () => new Promise<ImageBitmap>((resolve) => (deliver = resolve)),
    thumbnail: vi.fn(async () => small),
  }
  const ring = new BitmapRing(pictures)
  const show = vi.fn()
  const came = ring.bring(7, show)
  await vi.waitFor(() => expect(show).toHaveBeenCalledWith(small, true))
  deliver(whole)
  expect(await came).toBe(true)
  expect(show).toHaveBeenLastCalledWith(whole, false)

  let late = (_: ImageBitmap): void => {}
  pictures.thumbnail.mockImplementation(() => new Promise((resolve) => (late = resolve)))
  show.mockClear()
  const known = ring.bring(8, show)
  await vi.waitFor(() => expect(pictures.thumbnail).toHaveBeenCalledTimes(2))
  deliver(whole)
  await known
  late(small)
  await Promise.resolve()
  expect(show.mock.calls).toEqual([[whole, false]])
})

test('asks for no thumbnail where the picture is there at once', async () => {
  const thumbnail = vi.fn(async () => bitmap())
  const ring = new BitmapRing({ image: async () => bitmap(), thumbnail })
  const show = vi.fn()
  vi.useFakeTimers()
  await ring.bring(7, show)
  vi.runAllTimers()
  vi.useRealTimers()
  expect(thumbnail).not.toHaveBeenCalled()
  expect(show).toHaveBeenCalledOnce()
})

test('says when a picture did not come', async () => {
  const away = async (): Promise<ImageBitmap> => {
    throw new TypeError('Failed to fetch')
  }
  expect(await new BitmapRing({ image: away, thumbnail: away }).bring(7, vi.fn())).toBe(false)
})
