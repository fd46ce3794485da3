/** Which objects two models both find on a frame, and what one of them finds alone. */
import type { ShownDetection, ShownModel } from '../../api/types'

/** From here on two boxes are of one object, as in the evaluation of detectors. */
export const IOU = 0.5

/** `kept`: same place and category; `changed`: same place, another category; `alone`: the other model has nothing there. */
export type Mark = 'kept' | 'changed' | 'alone'
export type Marks = readonly Mark[]

/** A box with its category, whoever drew it. */
interface Placed {
  readonly category: string
  readonly box_xywh: readonly number[]
}

/** Marks of both lists, each in its own order; pairs are taken greedily, categories that agree first, then by IoU. */
export function differences(first: readonly Placed[], second: readonly Placed[]): [Marks, Marks] {
  const marks: [Mark[], Mark[]] = [first.map(() => 'alone'), second.map(() => 'alone')]
  for (const { a, b, same } of pairs(first, second)) {
    if (marks[0][a] !== 'alone' || marks[1][b] !== 'alone') continue
    const mark = same ? 'kept' : 'changed'
    marks[0][a] = mark
    marks[1][b] = mark
  }
  return marks
}

interface Pair {
  a: number
  b: number
  same: boolean
  overlap: number
}

function pairs(first: readonly Placed[], second: readonly Placed[]): Pair[] {
  const found = first.flatMap((one, a) =>
    second.map((other, b) => ({
      a,
      b,
      same: one.category === other.category,
      overlap: iou(one.box_xywh, other.box_xywh),
    })),
  )
  return found
    .filter(({ overlap }) => overlap >= IOU)
    .sort((p, q) => Number(q.same) - Number(p.same) || q.overlap - p.overlap)
}

/** Of boxes [x, y, width, height]. */
export function iou(a: readonly number[], b: readonly number[]): number {
  const [ax = 0, ay = 0, aw = 0, ah = 0] = a
  const [bx = 0, by = 0, bw = 0, bh = 0] = b
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx)
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (aw * ah + bw * bh - width * height)
}

/** A model's objects on a frame from a score on. */
export function shownOf(model: ShownModel | undefined, frame: number, threshold: number): ShownDetection[] {
  return (model?.detections[String(frame)] ?? []).filter(({ score }) => score >= threshold)
}

export interface Pane {
  model: ShownModel
  detections: ShownDetection[]
  marks: Marks
}

/** The frame as each model sees it: teacher and student before against the student after; the student after against
 * the student before, or against the teacher where it began from nothing. */
export function panesOf(models: readonly ShownModel[], frame: number, threshold: number): Pane[] {
  const of = (role: ShownModel['role']) => models.find((model) => model.role === role)
  const after = shownOf(of('after'), frame, threshold)
  const base = of('before') ?? of('teacher')
  return models.map((model) => {
    const detections = shownOf(model, frame, threshold)
    if (model.role !== 'after') return { model, detections, marks: differences(detections, after)[0] }
    const marks = base ? differences(shownOf(base, frame, threshold), after)[1] : after.map(() => 'kept' as const)
    return { model, detections, marks }
  })
}

export interface Counts {
  gained: number
  lost: number
  changed: number
}

/** What the student after has more, has less and calls otherwise. */
export function countsOf(models: readonly ShownModel[], frame: number, threshold: number): Counts {
  const base = models.find(({ role }) => role === 'before') ?? models.find(({ role }) => role === 'teacher')
  const after = models.find(({ role }) => role === 'after')
  if (!base) return { gained: 0, lost: 0, changed: 0 }
  const [before, now] = differences(shownOf(base, frame, threshold), shownOf(after, frame, threshold))
  const alone = (marks: Marks) => marks.filter((mark) => mark === 'alone').length
  return { gained: alone(now), lost: alone(before), changed: now.filter((mark) => mark === 'changed').length }
}
