/** Which changes a decision is, for a box in its state: the server refuses a change that a state does not allow. */

import { type Flags, isGone, isOpen, type LabelBox } from './label'
import type { Change } from './operations'

/** Right as it is; nothing where that was decided before. A rejected box comes back. */
export const acceptance = (box: LabelBox): Change[] =>
  isOpen(box) || isGone(box) ? [{ kind: 'accept', box: box.client_id }] : []

/** Not an object, or not worth a label; a candidate is dismissed by it. Nothing where that was decided before. */
export const rejection = (box: LabelBox): Change[] => (isGone(box) ? [] : [{ kind: 'reject', box: box.client_id }])

/** Another category; a rejected box comes back first. */
export const relabelling = (box: LabelBox, category: number): Change[] => [
  ...(isGone(box) ? acceptance(box) : []),
  { kind: 'relabel', box: box.client_id, category },
]

/** Somebody else is to look too; nothing where that was said already. */
export const doubting = (box: LabelBox): Change[] => (box.unsure ? [] : [{ kind: 'unsure', box: box.client_id }])

/** A box whose geometry and flags may be changed. */
export const isKept = (box: LabelBox | null): boolean => box !== null && !isGone(box)

/** A flag set on all of the boxes, or, where all have it, taken off them; only where that changes something. */
export function flagging(boxes: readonly LabelBox[], flag: keyof Flags): { readonly on: boolean; changes: Change[] } {
  const kept = boxes.filter(isKept)
  const on = !kept.every((box) => box[flag])
  const changed = kept.filter((box) => box[flag] !== on)
  return { on, changes: changed.map((box) => ({ kind: 'flag', box: box.client_id, [flag]: on })) }
}

/** "Accepted", or "Accepted 3 boxes" where there are several. */
export const titled = (deed: string, boxes: readonly unknown[]): string =>
  boxes.length > 1 ? `${deed} ${boxes.length} boxes` : deed
