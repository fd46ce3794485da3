/** What a YOLOX's raw maps mean, as `ml/export/runner.py` reads them on a device: decoding, scores, suppression by category. */

const STRIDES = [8, 16, 32] as const
const NMS_IOU = 0.65
const LARGEST_LOG = 30 // of a side in strides; larger than any frame, and finite
const MOST = 300 // boxes of a frame that go into suppression, the best

/** A map (channels, height, width) of one level. */
export interface RawMap {
  data: Float32Array
  channels: number
  height: number
  width: number
}

export type Maps = Readonly<Record<string, RawMap>>

export interface Detection {
  category: string
  score: number
  /** Corners in pixels of the frame. */
  x1: number
  y1: number
  x2: number
  y2: number
}

export interface Reads {
  categories: readonly string[]
  /** The least score that is told. */
  floor: number
}

/** How a frame is laid into the input: scaled to fit, at the top left. */
export function scaleInto(frame: { width: number; height: number }, input: { width: number; height: number }): number {
  return Math.min(input.width / frame.width, input.height / frame.height)
}

/** RGBA bytes of the input to (1, 3, H, W) blue-green-red 0 to 255. */
export function blobOf(rgba: Uint8ClampedArray): Float32Array {
  const size = rgba.length / 4
  const blob = new Float32Array(3 * size)
  for (let at = 0; at < size; at += 1)
    for (let channel = 0; channel < 3; channel += 1) blob[channel * size + at] = rgba[4 * at + 2 - channel] ?? 0
  return blob
}

/** Boxes of a frame that was scaled by `scale`, the best first. */
export function decoded(
  maps: Maps,
  reads: Reads,
  frame: { width: number; height: number },
  scale: number,
): Detection[] {
  const found = STRIDES.flatMap((stride) => ofLevel(maps, reads, stride))
  const placed = found.map((each) => ({
    ...each,
    x1: clipped(each.x1 / scale, frame.width),
    y1: clipped(each.y1 / scale, frame.height),
    x2: clipped(each.x2 / scale, frame.width),
    y2: clipped(each.y2 / scale, frame.height),
  }))
  const solid = placed.filter(({ x1, y1, x2, y2 }) => x2 > x1 && y2 > y1)
  return suppressed(solid.sort((a, b) => b.score - a.score).slice(0, MOST))
}

function ofLevel(maps: Maps, { categories, floor }: Reads, stride: number): Detection[] {
  const [box, objectness, classes] = ['box', 'objectness', 'classes'].map((part) => maps[`${part}_${stride}`])
  if (!box || !objectness || !classes) throw new Error(`The network gives no maps of stride ${stride}.`)
  const cells = box.width * box.height
  const found: Detection[] = []
  for (let cell = 0; cell < cells; cell += 1) {
    const object = sigmoid(objectness.data[cell] ?? 0)
    if (object < floor) continue
    categories.forEach((category, place) => {
      const score = object * sigmoid(classes.data[place * cells + cell] ?? 0)
      if (score >= floor) found.push({ category, score, ...corners(box, cell, cells, stride) })
    })
  }
  return found
}

function corners({ data, width }: RawMap, cell: number, cells: number, stride: number) {
  const [dx = 0, dy = 0, w = 0, h = 0] = [0, 1, 2, 3].map((part) => data[part * cells + cell] ?? 0)
  const [x, y] = [(dx + (cell % width)) * stride, (dy + Math.floor(cell / width)) * stride]
  const [halfX, halfY] = [half(w, stride), half(h, stride)]
  return { x1: x - halfX, y1: y - halfY, x2: x + halfX, y2: y + halfY }
}

const half = (log: number, stride: number): number => (Math.exp(Math.min(log, LARGEST_LOG)) * stride) / 2

/** Without those that a better one of their category covers. */
function suppressed(best: readonly Detection[]): Detection[] {
  const kept: Detection[] = []
  for (const each of best)
    if (!kept.some((other) => other.category === each.category && iou(other, each) > NMS_IOU)) kept.push(each)
  return kept
}

function iou(a: Detection, b: Detection): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1)
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (area(a) + area(b) - shared)
}

const area = ({ x1, y1, x2, y2 }: Detection): number => (x2 - x1) * (y2 - y1)
const clipped = (value: number, limit: number): number => Math.min(limit, Math.max(0, value))
const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))
