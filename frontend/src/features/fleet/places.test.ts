import { describe, expect, test } from 'vitest'
import { plotted } from './places'

describe('places on the map', () => {
  const places = [
    { id: 1, lat: 48, lon: 11 },
    { id: 2, lat: 49, lon: 11 },
    { id: 3, lat: 48, lon: 12 },
  ]
  test('north is up, east is right, and all are inside', () => {
    const { points } = plotted(places, 600, 300)
    const [first, north, east] = points as [(typeof points)[0], (typeof points)[0], (typeof points)[0]]
    expect(north.y).toBeLessThan(first.y)
    expect(east.x).toBeGreaterThan(first.x)
    for (const { x, y } of points) expect(x >= 0 && x <= 600 && y >= 0 && y <= 300).toBe(true)
  })
  test('a degree east is shorter than a degree north', () => {
    const { points } = plotted(places, 600, 300)
    const [first, north, east] = points as [(typeof points)[0], (typeof points)[0], (typeof points)[0]]
    expect((east.x - first.x) / (first.y - north.y)).toBeCloseTo(Math.cos((48.5 * Math.PI) / 180), 3)
  })
  test('one device stands in the middle, and the bar fits', () => {
    const { points, km, barWidth } = plotted([{ id: 1, lat: 0, lon: 0 }], 600, 300)
    expect(points).toEqual([{ id: 1, x: 300, y: 150 }])
    expect(km).toBeGreaterThan(0)
    expect(barWidth).toBeLessThanOrEqual(120)
  })
})
