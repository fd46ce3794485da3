/** A track's film as the person sees it: the server's, with key frames and decisions that are on their way. */

import type { Film, FrameBox, TrackBrief, TrackDecision, TrackFrame } from '../../../api/types'
import { type Box, sameBox } from '../../../editor/math/box'
import { interpolated, type Key } from '../../../editor/math/keyframes'
import { isGone, isOpen } from '../../../editor/scene/label'

/** As many as there are digits. */
const MOST_MERGEABLE = 9

/** Frame id -> the box that the person set there. */
export type Keys = ReadonlyMap<number, Box>

export type Settling =
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject' }
  | { readonly kind: 'relabel'; readonly category: number }
  | { readonly kind: 'reshape'; readonly keys: Keys }

/** The box that stands for the track on a frame: the kept one, else a rejected one, else none. */
export const boxOn = (frame: TrackFrame): FrameBox | null =>
  frame.boxes.find((box) => !isGone(box)) ?? frame.boxes[0] ?? null

export const openIn = (film: Film): number => film.frames.flatMap(({ boxes }) => boxes).filter(isOpen).length

/** Frame id -> version, as the person saw them. */
export const versionsOf = (film: Film): Map<number, number> =>
  new Map(film.frames.map(({ id, version }) => [id, version]))

/** Where the track is on a frame once the keys are in force; null where keys say nothing or the box there was rejected. */
export function shapeByKeys(film: Film, keys: Keys, frame: TrackFrame): Box | null {
  const there = boxOn(frame)
  if (there && isGone(there)) return null
  return interpolated(keysOf(film, keys, frame.clip), frame.time_ms)
}

/** Where the object should be on a frame that has no box of it: between its neighbours. */
export function expectedOn(film: Film, frame: TrackFrame): Box | null {
  const boxes = new Map(film.frames.flatMap((each) => each.boxes.slice(0, 1).map((box) => [each.id, box as Box])))
  return interpolated(keysOf(film, boxes, frame.clip), frame.time_ms)
}

function keysOf(film: Film, boxes: ReadonlyMap<number, Box>, clip: number): Key[] {
  const keys: Key[] = []
  for (const frame of film.frames) {
    const box = boxes.get(frame.id)
    if (box && frame.clip === clip) keys.push({ timeMs: frame.time_ms, box })
  }
  return keys
}

/** The film as it is once the server has it; drawn boxes come with its answer. */
export const settled = (film: Film, decision: Settling): Film => ({
  ...film,
  frames: film.frames.map((frame) => ({
    ...frame,
    boxes: frame.boxes.map((box) => decided(film, frame, box, decision)),
  })),
})

function decided(film: Film, frame: TrackFrame, box: FrameBox, decision: Settling): FrameBox {
  const corrected = box.source === 'human' ? 'accepted' : 'edited'
  const accepted: FrameBox = isOpen(box) ? { ...box, state: 'accepted' } : box
  if (decision.kind === 'accept') return accepted
  if (isGone(box)) return box
  if (decision.kind === 'reject') return { ...box, state: box.state === 'missed_candidate' ? 'dismissed' : 'rejected' }
  if (decision.kind === 'relabel')
    return box.category === decision.category ? accepted : { ...box, category: decision.category, state: corrected }
  const shape = shapeByKeys(film, decision.keys, frame)
  if (!shape) return box
  return sameBox(shape, box) ? accepted : { ...box, ...shape, state: corrected }
}

/** How many boxes are different in the two. */
export const boxesChanged = (before: Film, after: Film): number =>
  before.frames.flatMap(({ boxes }, at) => boxes.filter((box, place) => after.frames[at]?.boxes[place] !== box)).length

/** Where one begins to look: the frame whose box is most urgent among those that wait. */
export function riskiest(film: Film): number {
  const urgency = film.frames.map((frame) => {
    const box = boxOn(frame)
    return box && isOpen(box) ? box.priority : -1
  })
  return Math.max(0, urgency.indexOf(Math.max(...urgency)))
}

/** Tracks that may be the same object: those that share no time with this one, the nearest first. */
export function mergeableWith(film: Film | null, tracks: readonly TrackBrief[]): TrackBrief[] {
  const first = film?.frames[0]
  const last = film?.frames.at(-1)
  if (!first || !last) return []
  const gap = (each: TrackBrief): number => Math.max(each.start - last.index, first.index - each.end)
  const others = tracks.filter((each) => each.id !== film.id && each.clip === first.clip && gap(each) > 0)
  return others.sort((a, b) => gap(a) - gap(b)).slice(0, MOST_MERGEABLE)
}

/** A decision as it is sent. */
export const wire = (decision: Settling): Omit<TrackDecision, 'versions' | 'id'> =>
  decision.kind === 'reshape'
    ? { kind: 'reshape', keys: [...decision.keys].map(([frame, box]) => ({ frame, ...box })) }
    : decision
