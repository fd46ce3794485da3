/** The claimed frames in the order in which they came, and which one is on the stage. Never reordered, only extended. */

import type { ClaimRequest } from '../../../api/types'
import type { LabelledFrame } from '../../../editor/scene/label'

export interface QueuedFrame {
  readonly id: number
  readonly name: string
  readonly drive: number
  readonly driveName: string
  readonly taxonomy: number
  readonly risk: number
  readonly model: string | null
  /** The frame after it on the drive. */
  readonly next: number | null
  /** What the server has confirmed. */
  readonly confirmed: LabelledFrame
  /** `done`: audited here. `skipped`: given back undecided. */
  readonly status: 'open' | 'done' | 'skipped'
}

export interface DeskQuery {
  readonly drive: number | null
  readonly category: number | null
  /** A frame to begin with, claimed or not. */
  readonly frame: number | null
  /** Frames by day or by night alone. */
  readonly light?: 'day' | 'night' | null
  /** `new`: frames that no model has labelled, to be annotated from nothing. */
  readonly state: 'new' | null
  /** A slice whose frames alone come. */
  readonly slice?: number | null
}

export interface Queue {
  readonly frames: readonly QueuedFrame[]
  readonly current: number | null
}

export const EMPTY_QUEUE: Queue = { frames: [], current: null }

/** Finished frames stay this long for going back; older ones are reached from the drive's page. */
const KEPT_BEHIND = 40

export const queuedFrame = (queue: Queue, id: number | null): QueuedFrame | null =>
  queue.frames.find((frame) => frame.id === id) ?? null

export function extended(queue: Queue, frames: readonly QueuedFrame[]): Queue {
  const known = new Set(queue.frames.map((frame) => frame.id))
  return { ...queue, frames: [...queue.frames, ...frames.filter((frame) => !known.has(frame.id))] }
}

/** A frame that was not claimed, right after the one that is shown: the way back is the way it came. */
export function inserted(queue: Queue, frame: QueuedFrame): Queue {
  const at = queue.frames.findIndex(({ id }) => id === queue.current) + 1
  return { ...queue, frames: [...queue.frames.slice(0, at), frame, ...queue.frames.slice(at)] }
}

export const changed = (queue: Queue, id: number, changes: Partial<QueuedFrame>): Queue => ({
  ...queue,
  frames: queue.frames.map((frame) => (frame.id === id ? { ...frame, ...changes } : frame)),
})

/** Frames that others got meanwhile, or that lie too far behind. The current one always stays. */
export const without = (queue: Queue, ids: ReadonlySet<number>): Queue => ({
  ...queue,
  frames: queue.frames.filter((frame) => frame.id === queue.current || !ids.has(frame.id)),
})

/** The neighbour in the list, whatever its status. */
export function neighbour(queue: Queue, step: 1 | -1): QueuedFrame | null {
  const at = queue.frames.findIndex((frame) => frame.id === queue.current)
  return queue.frames[at + step] ?? null
}

/** The frames still to do: after the current one first, then what was left behind. */
export function ahead(queue: Queue): QueuedFrame[] {
  const at = queue.frames.findIndex((frame) => frame.id === queue.current)
  const open = (frame: QueuedFrame): boolean => frame.status === 'open' && frame.id !== queue.current
  return [...queue.frames.slice(at + 1).filter(open), ...queue.frames.slice(0, Math.max(at, 0)).filter(open)]
}

/** The ids that lie too far behind to be kept in memory. */
export function outgrown(queue: Queue): ReadonlySet<number> {
  const at = queue.frames.findIndex((frame) => frame.id === queue.current)
  const behind = queue.frames.slice(0, Math.max(at - KEPT_BEHIND, 0)).filter((frame) => frame.status !== 'open')
  return new Set(behind.map((frame) => frame.id))
}

/** What to ask for next: of this query, and none that is here already or was given back undecided. */
export const claimFor = ({ drive, category, light, state, slice = null }: DeskQuery, queue: Queue, count: number): ClaimRequest => ({
  ...(drive !== null && { drive }),
  ...(category !== null && { category }),
  ...(light && { light }),
  ...(state !== null && { state }),
  ...(slice !== null && { slice }),
  count,
  exclude: queue.frames.filter((frame) => frame.status !== 'done').map((frame) => frame.id),
})
