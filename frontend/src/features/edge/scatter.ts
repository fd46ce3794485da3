/** Exported models as points: what each costs against its AP, which of them nothing beats, and which came of one another. */
import type { EdgeExport, ModelVersion } from '../../api/types'
import { quoted } from '../../ui/csv'
import { inputOf } from './figures'

export const COSTS = ['ms', 'gflops', 'parameters', 'x3'] as const
export type Cost = (typeof COSTS)[number]

export interface Point {
  id: number
  model: { id: number; name: string }
  bits: 32 | 8
  /** "512 × 288": one model is packed for several. */
  input: string
  /** In milliseconds, GFLOPs or millions, by the cost. */
  x: number
  ap: number
}

/** One export may be two points. */
export function keyOf({ id, bits }: Point): string {
  return `${id}-${bits}`
}

/** One a network: an export with 8 bits has two. Those without a measured AP or that cost are left out; the costs per network alone differ in milliseconds here. */
export function pointsOf(exports: readonly EdgeExport[], cost: Cost): Point[] {
  return exports.flatMap((row) => {
    const networks = [
      { bits: 32 as const, ap: row.report?.ap?.ap, ms: row.speed?.fp32?.p50_ms },
      { bits: 8 as const, ap: row.report?.int8?.after, ms: row.speed?.int8?.p50_ms },
    ]
    const input = inputOf(row) ?? ''
    return networks.flatMap(({ bits, ap, ms }) => {
      const x = cost === 'ms' ? ms : sharedCost(row, cost)
      return row.sha256 && ap !== undefined && x !== undefined
        ? [{ id: row.id, model: row.model, bits, input, x, ap }]
        : []
    })
  })
}

function sharedCost({ report }: EdgeExport, cost: Exclude<Cost, 'ms'>): number | undefined {
  if (cost === 'gflops') return report?.gflops
  if (cost === 'parameters') return report?.parameters === undefined ? undefined : report.parameters / 1e6
  // Operators that leave the BPU cost more than anybody can tell.
  return report?.horizon_x3?.off_bpu === 0 ? report.horizon_x3.estimated_ms.worst : undefined
}

const NOTHING_AP = 0.001 // less is written as 0.000

/** The points that no other has more AP than at no higher cost, from the cheapest up; what finds nothing is no bargain. */
export function frontOf(points: readonly Point[]): Point[] {
  const front: Point[] = []
  for (const point of [...points].sort((a, b) => a.x - b.x || b.ap - a.ap)) {
    const best = front.at(-1)
    if (point.ap >= NOTHING_AP && (!best || point.ap > best.ap)) front.push(point)
  }
  return front
}

/** Models that find nothing, each once: a freshly pruned one that was hardly trained on. */
export function silentOf(points: readonly Point[]): string[] {
  return [...new Set(points.filter(({ ap }) => ap < NOTHING_AP).map(({ model }) => model.name))]
}

export interface Curve {
  root: string
  points: Point[]
}

/** Networks of 32 bits whose models came of one another, as pruning and training on leave them: the cheapest first, two at least. */
export function curvesOf(points: readonly Point[], models: readonly ModelVersion[]): Curve[] {
  const byId = new Map(models.map((model) => [model.id, model]))
  const rootOf = (id: number): number => {
    const parent = byId.get(id)?.parent
    return parent && byId.has(parent.id) ? rootOf(parent.id) : id
  }
  const curves = new Map<number, Point[]>()
  for (const point of points.filter(({ bits }) => bits === 32)) {
    const root = rootOf(point.model.id)
    curves.set(root, [...(curves.get(root) ?? []), point])
  }
  return [...curves]
    .filter(([, held]) => new Set(held.map(({ model }) => model.id)).size > 1)
    .map(([root, held]) => ({ root: byId.get(root)?.name ?? '', points: held.sort((a, b) => a.x - b.x) }))
}

interface Column {
  label: string
  points: readonly Point[]
}

/** Aligned columns for the plot: all x in rising order, then for each series the AP there or null. */
export function aligned(columns: readonly Column[]): [number[], ...(number | null)[][]] {
  const xs = [...new Set(columns.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  return [xs, ...columns.map(({ points }) => xs.map((x) => highest(points, x)))]
}

function highest(points: readonly Point[], x: number): number | null {
  const held = points.filter((point) => point.x === x).map(({ ap }) => ap)
  return held.length > 0 ? Math.max(...held) : null
}

/** A table of the points. */
export function csvOf(points: readonly Point[], cost: Cost): string {
  const rows = points.map(({ model, bits, input, x, ap }) => `${quoted(model.name)},${bits},${input},${x},${ap}`)
  return [`model,bits,input,${cost},AP`, ...rows].join('\n')
}

const LEAST_AP = 0.02 // of the axis: less says nothing, and its marks would read 0, 0, 0

/** The axis of AP around its lowest and highest point, with room for names below and above. */
export function apRange(low: number, high: number): [number, number] {
  const room = Math.max((high - low) * 0.12, (LEAST_AP - (high - low)) / 2, LEAST_AP / 10)
  return [low - room, high + room]
}

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

const ROWS = 12 // that a name steps aside at most

/**
 * Where the name of each point goes: beside it where neither another name nor an edge is in the way, else row by row further off; all in px, `gap` from
 * the point. Lines rise, so below on the right is tried first.
 */
export function placed(points: readonly Rect[], gap: number, area: Rect): Rect[] {
  const taken: Rect[] = []
  for (const { x, y, width, height } of points) {
    const [right, left, below, above] = [x + gap, x - gap - width, y + gap / 2, y - gap / 2 - height]
    const corners = Array.from({ length: ROWS }, (_, row) => [below + row * height, above - row * height])
      .flat()
      .flatMap((top) => [right, left].map((side) => ({ x: side, y: top, width, height })))
    const free = corners.find((corner) => within(corner, area) && !taken.some((other) => overlap(corner, other)))
    taken.push(free ?? { x: right, y: below, width, height })
  }
  return taken
}

/** Which points are one to the eye: each with the first that lies within `near` px of it, as places in `at`. */
export function together(at: readonly { x: number; y: number }[], near: number): number[][] {
  const groups: number[][] = []
  for (const [place, { x, y }] of at.entries()) {
    const group = groups.find(([first = 0]) => Math.hypot(x - (at[first]?.x ?? 0), y - (at[first]?.y ?? 0)) < near)
    if (group) group.push(place)
    else groups.push([place])
  }
  return groups
}

function within(inner: Rect, outer: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
