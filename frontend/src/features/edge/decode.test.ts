import { expect, test } from 'vitest'
import { blobOf, decoded, type Maps, type RawMap, scaleInto } from './decode'

const empty = (channels: number, side: number, value = 0): RawMap => ({
  data: new Float32Array(channels * side * side).fill(value),
  channels,
  height: side,
  width: side,
})

/** Nothing anywhere but what a test writes; two categories. */
function maps(): Record<string, RawMap> {
  return Object.fromEntries(
    [8, 16, 32].flatMap((stride) => [
      [`box_${stride}`, empty(4, 2)],
      [`objectness_${stride}`, empty(1, 2, -20)],
      [`classes_${stride}`, empty(2, 2, -20)],
    ]),
  )
}

function see(at: Maps, stride: number, cell: number, category: number, logit: number) {
  const [objectness, classes] = [at[`objectness_${stride}`], at[`classes_${stride}`]]
  if (objectness && classes) {
    objectness.data[cell] = 20
    classes.data[category * 4 + cell] = logit
  }
}

const READS = { categories: ['car', 'person'], floor: 0.1 }
const FRAME = { width: 200, height: 200 }

test('an all-zero box lies on its cell, as the golden numbers of the design have it', () => {
  const at = maps()
  for (let cell = 0; cell < 4; cell += 1) see(at, 8, cell, 0, 3 - cell)
  const found = decoded(at, READS, FRAME, 1)
  // Centres (0|8, 0|8) and sides 8; what lies outside the frame is cut off.
  expect(found.map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2])).toEqual([
    [0, 0, 4, 4],
    [4, 0, 12, 4],
    [0, 4, 4, 12],
    [4, 4, 12, 12],
  ])
  expect(found[0]?.score).toBeCloseTo(0.9526, 3)
})

test('boxes are told in pixels of the frame', () => {
  const at = maps()
  see(at, 32, 3, 1, 5)
  expect(decoded(at, READS, FRAME, 0.5)).toMatchObject([{ category: 'person', x1: 32, y1: 32, x2: 96, y2: 96 }])
})

test('of two that cover each other the better stays, unless they are of different categories', () => {
  const at = maps()
  see(at, 8, 3, 0, 4)
  see(at, 16, 3, 0, 2)
  const box = at.box_16
  // The stride-16 cell at (16, 16) moved onto the other: centre 8, side 8.
  if (box)
    [-0.5, -0.5, -Math.LN2, -Math.LN2].forEach((value, part) => {
      box.data[part * 4 + 3] = value
    })
  expect(decoded(at, READS, FRAME, 1)).toHaveLength(1)
  see(at, 16, 3, 1, 2)
  expect(decoded(at, READS, FRAME, 1).map(({ category }) => category)).toEqual(['car', 'person'])
})

test('what is below the floor is not told', () => {
  const at = maps()
  see(at, 8, 0, 0, -3)
  expect(decoded(at, READS, FRAME, 1)).toEqual([])
})

test('a picture becomes planes of blue, green and red', () => {
  expect([...blobOf(new Uint8ClampedArray([1, 2, 3, 255, 4, 5, 6, 255]))]).toEqual([3, 6, 2, 5, 1, 4])
})

test('a frame is scaled by the side that fills the input first', () => {
  expect(scaleInto({ width: 1280, height: 720 }, { width: 640, height: 384 })).toBe(0.5)
  expect(scaleInto({ width: 100, height: 400 }, { width: 640, height: 384 })).toBe(0.96)
})
