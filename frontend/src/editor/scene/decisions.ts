/** Which changes a decision is, for a box in its state: the server refuses a change that a state does not allow. */

import { isGone, isOpen, type LabelBox } from './label'
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

/** A box whose geometry and flags may be changed. */
export const isKept = (box: LabelBox | null): boolean => box !== null && !isGone(box)
