import { expect, test } from 'vitest'
import type { EdgeExport, ModelVersion } from '../../api/types'
import { model } from '../../testing/registry'
import { aligned, apRange, csvOf, curvesOf, frontOf, type Point, placed, pointsOf, silentOf, together } from './scatter'

const row = (id: number, values: object = {}) =>
  ({
    id,
    model: { id, name: `m${id}` },
    sha256: 'a',
    report: {
      ap: { ap: 0.3 },
      int8: { after: 0.28 },
      gflops: 5,
      parameters: 5e6,
      horizon_x3: { off_bpu: 0, estimated_ms: { best: 14, worst: 16 } },
    },
    speed: { fp32: { p50_ms: 60 }, int8: { p50_ms: 26 } },
    ...values,
  }) as unknown as EdgeExport
const point = (id: number, x: number, ap: number, bits: 32 | 8 = 32): Point => ({
  id,
  model: { id, name: `m${id}` },
  bits,
  input: '512 × 288',
  x,
  ap,
})

test('an export with 8 bits is two points, each with its own time', () => {
  expect(pointsOf([row(1)], 'ms').map(({ bits, x, ap }) => [bits, x, ap])).toEqual([
    [32, 60, 0.3],
    [8, 26, 0.28],
  ])
  expect(pointsOf([row(1)], 'gflops').map(({ x }) => x)).toEqual([5, 5])
})

test('what was refused or has no figure is left out', () => {
  expect(pointsOf([row(1, { sha256: '' }), row(2, { report: null })], 'gflops')).toEqual([])
  const off = row(3, { report: { ap: { ap: 0.3 }, horizon_x3: { off_bpu: 74, estimated_ms: { best: 1, worst: 2 } } } })
  expect(pointsOf([off], 'x3')).toEqual([])
})

test('the front rises, and holds nothing that another beats', () => {
  const points = [point(1, 10, 0.2), point(2, 20, 0.3), point(3, 15, 0.18), point(4, 10, 0.1), point(5, 30, 0.3)]
  expect(frontOf(points).map(({ id }) => id)).toEqual([1, 2])
  expect(frontOf([point(6, 1, 0), ...points]).map(({ id }) => id)).toEqual([1, 2])
})

test('a curve joins models that came of one another', () => {
  const models: ModelVersion[] = [
    model({ id: 1, name: 'whole' }),
    model({ id: 2, name: 'half', parent: { id: 1, name: 'whole' } }),
    model({ id: 3, name: 'alone' }),
  ]
  const curves = curvesOf([point(1, 5, 0.3), point(2, 2, 0.25), point(2, 2, 0.2, 8), point(3, 4, 0.1)], models)
  expect(curves.map(({ root, points }) => [root, points.map(({ id }) => id)])).toEqual([['whole', [2, 1]]])
})

test('models that find nothing are named once, whatever their networks', () => {
  expect(silentOf([point(1, 5, 0), point(1, 3, 0.0004, 8), point(2, 2, 0.001), point(3, 1, 0.2)])).toEqual(['m1'])
})

test('columns share their x, and a name with quotes stays one cell', () => {
  expect(
    aligned([
      { label: 'a', points: [point(1, 2, 0.2), point(2, 1, 0.1)] },
      { label: 'b', points: [point(3, 2, 0.3)] },
    ]),
  ).toEqual([
    [1, 2],
    [0.1, 0.2],
    [null, 0.3],
  ])
  const odd = { ...point(1, 2, 0.2), model: { id: 1, name: 'the "big"' } }
  expect(csvOf([odd], 'ms')).toBe('model,bits,input,ms,AP\n"the ""big""",32,512 × 288,2,0.2')
})

test('names stand below on the right, and give way to one another and to the edge', () => {
  const name = { width: 40, height: 10 }
  const area = { x: 0, y: 0, width: 200, height: 100 }
  expect(placed([{ x: 20, y: 20, ...name }], 6, area)).toEqual([{ x: 26, y: 23, ...name }])
  const [first, near, corner] = placed(
    [
      { x: 60, y: 20, ...name },
      { x: 70, y: 22, ...name },
      { x: 190, y: 95, ...name },
    ],
    6,
    area,
  )
  expect(first).toEqual({ x: 66, y: 23, ...name })
  expect(near).toEqual({ x: 24, y: 25, ...name })
  expect(corner).toEqual({ x: 144, y: 82, ...name })
})

test('names of points at one place step aside, and none covers another', () => {
  const here = { x: 100, y: 50, width: 60, height: 10 }
  const found = placed(Array(8).fill(here), 6, { x: 0, y: 0, width: 200, height: 100 })
  expect(found[4]).toEqual({ ...here, x: 106, y: 63 })
  for (const [place, one] of found.entries()) {
    expect(one.y >= 0 && one.y + one.height <= 100).toBe(true)
    for (const other of found.slice(place + 1))
      expect(one.x === other.x && Math.abs(one.y - other.y) < one.height).toBe(false)
  }
})

test('points that the eye takes for one are one to reach', () => {
  const at = [
    { x: 10, y: 10 },
    { x: 50, y: 10 },
    { x: 13, y: 12 },
    { x: 10, y: 10 },
  ]
  expect(together(at, 8)).toEqual([[0, 2, 3], [1]])
})

test('points of nearly the same AP do not fill the axis', () => {
  const [low, high] = apRange(0, 1e-5)
  expect(high - low).toBeGreaterThanOrEqual(0.02)
  expect(apRange(0.2, 0.3)).toEqual([0.188, 0.312])
})
