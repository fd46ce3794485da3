/** What the desk edits: labelled boxes of one frame, with the risk and the reasons that came with them. */

import { type Box, describeBox, type Size } from '../math/box'

export type BoxState = 'pending' | 'accepted' | 'edited' | 'rejected' | 'missed_candidate' | 'dismissed'
export type BoxSource = 'pseudo' | 'human' | 'imported'

export interface Signal {
  readonly name: string
  readonly value: number
  readonly sentence: string
}

export interface Flags {
  readonly occluded: boolean
  readonly truncated: boolean
  readonly crowd: boolean
}

/** One label. `client_id` is its name everywhere; `priority` (risk x severity, scaled) orders the queue. */
export interface LabelBox extends Box, Flags {
  readonly client_id: string
  readonly category: number | null
  readonly source: BoxSource
  readonly state: BoxState
  readonly score: number | null
  readonly probs: Readonly<Record<string, number>>
  readonly risk: number | null
  readonly severity: number
  readonly priority: number | null
  readonly signals: readonly Signal[]
  readonly track: number | null
  readonly cipo: boolean
  /** Its person decided and asks for a second opinion. */
  readonly unsure: boolean
}

export interface LabelFrame extends Size {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly version: number
}

/** A frame and its labels, as the server confirmed them or as the desk shows them. */
export interface LabelledFrame {
  readonly frame: LabelFrame
  readonly boxes: readonly LabelBox[]
}

export interface LabelCategory {
  readonly id: number
  readonly name: string
  readonly colour: string
  readonly hotkey: string
}

export const isOpen = (box: LabelBox): boolean => box.state === 'pending' || box.state === 'missed_candidate'
export const isGone = (box: LabelBox): boolean => box.state === 'rejected' || box.state === 'dismissed'

export const STATE_WORDS: Readonly<Record<BoxState, string>> = {
  pending: 'to decide',
  accepted: 'accepted',
  edited: 'edited',
  rejected: 'rejected',
  missed_candidate: 'possibly missed',
  dismissed: 'dismissed',
}

/** "truck, 82 % likely wrong, to decide, 312×140 at 640,402": the box for a screen reader. */
export function describeLabel(box: LabelBox, categoryName: string): string {
  const doubted = box.state === 'missed_candidate' ? 'missed' : 'wrong'
  const risk = box.risk === null ? [] : [`${Math.round(box.risk * 100)} % likely ${doubted}`]
  const doubt = box.unsure ? ['unsure'] : []
  return [categoryName, ...risk, STATE_WORDS[box.state], ...doubt, describeBox(box)].join(', ')
}
