import { describe, expect, test } from 'vitest'
import { labelBox } from '../../testing/desk'
import { contains } from '../math/box'
import { imagePoint } from '../math/point'
import { HitGrid } from './grid'
import { byPriority, inOrderOf, nextOpen, nextShown } from './order'

const FRAME = { width: 1920, height: 1080 }

describe('the hit grid', () => {
  test('finds a face before the vehicle that it lies in', () => {
    const vehicle = labelBox('vehicle', { x: 100, y: 100, width: 500, height: 400 })
    const face = labelBox('face', { x: 200, y: 200, width: 50, height: 50 })
    const grid = new HitGrid(FRAME, [face, vehicle])
    expect(grid.at(imagePoint(225, 225)).map((box) => box.client_id)).toEqual(['face', 'vehicle'])
  })

  test('agrees with asking every box, at every kind of place', () => {
    const boxes = Array.from({ length: 300 }, (_, index) =>
      labelBox(`${index}`, {
        x: (index * 137) % 1800,
        y: (index * 71) % 1000,
        width: 10 + (index % 90),
        height: 10 + (index % 60),
      }),
    )
    const grid = new HitGrid(FRAME, boxes)
    for (let x = -3; x < 1930; x += 97)
      for (let y = -3; y < 1090; y += 83) {
        const point = imagePoint(x, y)
        const expected = boxes.filter((box) => contains(box, point, 4)).map((box) => box.client_id)
        expect(new Set(grid.at(point, 4).map((box) => box.client_id))).toEqual(new Set(expected))
      }
  })
})

describe('the order of boxes', () => {
  const boxes = byPriority([
    labelBox('calm', { priority: 0.1 }),
    labelBox('drawn', { priority: null, state: 'accepted', source: 'human' }),
    labelBox('urgent', { priority: 0.9 }),
    labelBox('gone', { priority: 0.5, state: 'rejected' }),
  ])

  test('is most urgent first, drawn ones last', () => {
    expect(boxes.map((box) => box.client_id)).toEqual(['urgent', 'gone', 'calm', 'drawn'])
  })

  test('goes round through what is open, both ways', () => {
    expect(nextOpen(boxes, 'urgent')?.client_id).toBe('calm')
    expect(nextOpen(boxes, 'calm')?.client_id).toBe('urgent')
    expect(nextOpen(boxes, 'urgent', -1)?.client_id).toBe('calm')
    expect(nextOpen(boxes, null)?.client_id).toBe('urgent')
    expect(nextOpen(boxes, null, -1)?.client_id).toBe('calm')
  })

  test('steps over rejected boxes unless they are shown', () => {
    expect(nextShown(boxes, 'urgent', 1, false)?.client_id).toBe('calm')
    expect(nextShown(boxes, 'urgent', 1, true)?.client_id).toBe('gone')
  })

  test('has no next where there is none', () => {
    expect(nextOpen([], null)).toBeNull()
    expect(nextOpen([labelBox('done', { state: 'accepted' })], 'done')).toBeNull()
  })

  test('is kept when the server answers in another order', () => {
    const answer = [labelBox('new'), ...[...boxes].reverse()]
    expect(inOrderOf(boxes, answer).map((box) => box.client_id)).toEqual(['urgent', 'gone', 'calm', 'drawn', 'new'])
  })
})
