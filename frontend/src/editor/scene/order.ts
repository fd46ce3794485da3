/** In which order a frame's boxes are visited: most urgent first, and never reordered while the frame is open. */

import { isGone, isOpen, type LabelBox } from './label'

/** Urgent first; boxes without risk (drawn by a person) last, in the order they came. */
export function byPriority(boxes: readonly LabelBox[]): LabelBox[] {
  return [...boxes].sort((a, b) => (b.priority ?? -1) - (a.priority ?? -1))
}

export const openBoxes = (boxes: readonly LabelBox[]): LabelBox[] => boxes.filter(isOpen)

/** The next box after `from` that fits, going round; null when none does. `step` -1 goes backwards. */
function nextWhere(
  boxes: readonly LabelBox[],
  from: string | null,
  step: 1 | -1,
  fits: (box: LabelBox) => boolean,
): LabelBox | null {
  const start = boxes.findIndex((box) => box.client_id === from)
  const first = start === -1 && step === -1 ? 0 : start
  for (let offset = 1; offset <= boxes.length; offset += 1) {
    const at = (first + step * offset + boxes.length * 2) % boxes.length
    const box = boxes[at]
    if (box && fits(box)) return box
  }
  return null
}

export const nextOpen = (boxes: readonly LabelBox[], from: string | null, step: 1 | -1 = 1): LabelBox | null =>
  nextWhere(boxes, from, step, isOpen)

export const nextShown = (
  boxes: readonly LabelBox[],
  from: string | null,
  step: 1 | -1,
  showGone: boolean,
): LabelBox | null => nextWhere(boxes, from, step, (box) => showGone || !isGone(box))

/** `boxes` in the order of `shown`, new ones last: a server's answer never moves a box that a person looks at. */
export function inOrderOf(shown: readonly LabelBox[], boxes: readonly LabelBox[]): LabelBox[] {
  const place = new Map(shown.map((box, index) => [box.client_id, index]))
  const at = (box: LabelBox): number => place.get(box.client_id) ?? shown.length
  return [...boxes].sort((a, b) => at(a) - at(b))
}
