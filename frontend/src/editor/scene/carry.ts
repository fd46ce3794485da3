/** Boxes carried from one frame to the next: the model's own box of the same object is moved there, where it has none one is drawn. */

import { iou, moved, type Size } from '../math/box'
import { uuid } from '../uuid'
import { isKept } from './decisions'
import { isOpen, type LabelBox } from './label'
import type { Change } from './operations'

/** From here on an open box of the same category is taken for the same object. */
const SAME_OBJECT_IOU = 0.5

/** Ignore regions have no category to draw by, and rejected boxes are no boxes. */
export const isCarriable = (box: LabelBox): box is LabelBox & { readonly category: number } =>
  isKept(box) && box.category !== null

/** What to do on a frame that holds `there` so that it has `boxes` too; each of its boxes is used once. */
export function carriedOnto(there: readonly LabelBox[], boxes: readonly LabelBox[], frame: Size): Change[] {
  const free = new Set(there.filter(isOpen))
  return boxes.filter(isCarriable).map((box) => {
    const { x, y, width, height } = moved(box, 0, 0, frame)
    const own = closest(free, box)
    if (!own) return { kind: 'create', box: uuid(), category: box.category, x, y, width, height }
    free.delete(own)
    return { kind: 'reshape', box: own.client_id, x, y, width, height }
  })
}

function closest(free: ReadonlySet<LabelBox>, box: LabelBox): LabelBox | null {
  const near = [...free].filter((own) => own.category === box.category && iou(own, box) > SAME_OBJECT_IOU)
  return near.sort((a, b) => iou(b, box) - iou(a, box))[0] ?? null
}
