/**
 * Every change of a frame is an operation: the same value is shown at once, journalled, sent, and undone.
 *
 * `applied` is what the desk shows before the server answers; the server's answer replaces it.
 */

import { type Box, sameBox } from '../math/box'
import { type BoxState, type Flags, isOpen, type LabelBox, type LabelledFrame } from './label'

interface Timed {
  /** Made here: the operation's idempotency key. */
  readonly id: string
  /** Time that the person spent, idle excluded. */
  readonly seconds?: number
  readonly device?: string
  /** What one key did has one: after a reload it is undone together. */
  readonly gesture?: string
}
interface OnBox {
  /** `client_id` of the box. */
  readonly box: string
}

/** What a person asks for, before it has a name and a time. */
export type Change =
  | ({ readonly kind: 'accept' | 'reject' | 'dismiss' | 'restore' | 'unsure' } & OnBox)
  | ({ readonly kind: 'relabel'; readonly category: number } & OnBox)
  | ({ readonly kind: 'reshape' } & OnBox & Box)
  | ({ readonly kind: 'create'; readonly category: number } & OnBox & Box)
  | ({ readonly kind: 'flag' } & OnBox & Partial<Flags>)
  | { readonly kind: 'undo'; readonly operation: string }
  | { readonly kind: 'finish' }
  | { readonly kind: 'reopen' }

export type Operation = Change & Timed

/** An operation with what it changed: undo puts `before` back. Frame operations change no box. */
export interface Step {
  readonly operation: Operation
  readonly before: LabelBox | null
  readonly after: LabelBox | null
}

/** The frame as it is after the steps, in order. */
export const replayed = (frame: LabelledFrame, steps: readonly Step[]): LabelledFrame =>
  steps.reduce((state, step) => stepApplied(state, step), frame)

/** The step that an operation is on this frame; nothing is changed yet. */
export function stepOf(frame: LabelledFrame, operation: Operation): Step {
  const before = 'box' in operation ? (frame.boxes.find((box) => box.client_id === operation.box) ?? null) : null
  return { operation, before, after: changed(before, operation) }
}

/** The operation that takes a step back. A created box is not deleted: it stays, rejected, as the record. */
export function inverseOf(step: Step, timed: Timed): Step {
  const { operation, before, after } = step
  if (operation.kind === 'finish') return { operation: { ...timed, kind: 'reopen' }, before: null, after: null }
  if (operation.kind === 'reopen') return { operation: { ...timed, kind: 'finish' }, before: null, after: null }
  const restored: LabelBox | null = before ?? (after && { ...after, state: 'rejected' })
  return { operation: { ...timed, kind: 'undo', operation: operation.id }, before: after, after: restored }
}

/** The steps that still change something on a frame that somebody else changed: two people may have decided the same. */
export function stillNeeded(frame: LabelledFrame, steps: readonly Step[]): Step[] {
  const needed: Step[] = []
  let state = frame
  for (const step of steps) {
    const next = stepApplied(state, step)
    if (!agree(state, next, step.operation)) needed.push(step)
    state = next
  }
  return needed
}

function agree(a: LabelledFrame, b: LabelledFrame, operation: Operation): boolean {
  if (!('box' in operation)) return false
  const [before, after] = [a, b].map(({ boxes }) => boxes.find((box) => box.client_id === operation.box))
  return before !== undefined && after !== undefined && sameLabel(before, after)
}

export const sameLabel = (a: LabelBox, b: LabelBox): boolean =>
  a.state === b.state &&
  a.category === b.category &&
  sameBox(a, b) &&
  a.occluded === b.occluded &&
  a.truncated === b.truncated &&
  a.crowd === b.crowd &&
  a.unsure === b.unsure

function stepApplied(state: LabelledFrame, step: Step): LabelledFrame {
  const { operation } = step
  if (operation.kind === 'finish') return withState(state, 'audited')
  if (operation.kind === 'reopen') return withState(state, 'reopened')
  // On a frame that somebody else changed meanwhile, a decision applies to the box as it is now.
  const after = operation.kind === 'undo' ? step.after : stepOf(state, operation).after
  return after ? withDecision(state, after) : state
}

/** A box that is open again opens its frame again. */
function withDecision(state: LabelledFrame, box: LabelBox): LabelledFrame {
  const reopened = isOpen(box) && state.frame.state === 'audited'
  const boxes = withBox(state.boxes, box)
  return reopened ? withState({ ...state, boxes }, 'reopened') : { ...state, boxes }
}

const withState = (state: LabelledFrame, name: string): LabelledFrame => ({
  ...state,
  frame: { ...state.frame, state: name },
})

/** The list with one box replaced where it stands, or added at the end. */
export function withBox(boxes: readonly LabelBox[], box: LabelBox): LabelBox[] {
  const known = boxes.some((other) => other.client_id === box.client_id)
  return known ? boxes.map((other) => (other.client_id === box.client_id ? box : other)) : [...boxes, box]
}

function changed(box: LabelBox | null, operation: Operation): LabelBox | null {
  if (operation.kind === 'create') return drawn(operation)
  if (box === null) return null
  switch (operation.kind) {
    case 'relabel':
      return { ...box, category: operation.category, state: corrected(box), unsure: false }
    case 'reshape':
      return { ...box, ...rectangle(operation), state: corrected(box) }
    case 'flag':
      return { ...box, ...flags(box, operation) }
    case 'accept':
      return { ...box, state: box.state === 'edited' ? 'edited' : 'accepted', unsure: false }
    case 'reject':
    case 'dismiss':
      return { ...box, state: box.state === 'missed_candidate' ? 'dismissed' : 'rejected', unsure: false }
    case 'restore':
      return { ...box, state: box.state === 'dismissed' ? 'missed_candidate' : 'pending', unsure: false }
    case 'unsure':
      return { ...box, state: doubted(box.state), unsure: true }
    default:
      return null
  }
}

/** A correction is a decision: the proposal becomes `edited`. A box that a person drew stays accepted. */
const corrected = (box: LabelBox): BoxState => (box.source === 'human' ? 'accepted' : 'edited')

/** Left as it is until a second person has looked. */
const doubted = (state: BoxState): BoxState =>
  state === 'pending' ? 'accepted' : state === 'missed_candidate' ? 'dismissed' : state

const rectangle = ({ x, y, width, height }: Box): Box => ({ x, y, width, height })

const flags = (box: Flags, wanted: Partial<Flags>): Flags => ({
  occluded: wanted.occluded ?? box.occluded,
  truncated: wanted.truncated ?? box.truncated,
  crowd: wanted.crowd ?? box.crowd,
})

const drawn = (operation: OnBox & Box & { readonly category: number }): LabelBox => ({
  ...rectangle(operation),
  client_id: operation.box,
  category: operation.category,
  source: 'human',
  state: 'accepted',
  score: null,
  probs: {},
  risk: null,
  severity: 1,
  priority: null,
  signals: [],
  track: null,
  occluded: false,
  truncated: false,
  crowd: false,
  cipo: false,
  unsure: false,
})
