/** Undo over a reload and over a long sitting: what the server remembers of this person's last hours becomes history again. */

import type { RecentOperation } from '../../../api/types'
import type { HistoryEntry, RecalledOperation } from '../../../editor/history'
import type { LabelBox, LabelledFrame } from '../../../editor/scene/label'
import { type Operation, type Step, sameLabel } from '../../../editor/scene/operations'
import { moveEntryOf } from './moves'
import { KINDS, recalledOf } from './recalled'

/** A box that went to another track: a split or merge, which only the server can take back. */
const MOVED = 'tracked'

/** Entries oldest first: what one key did is one, or, of several frames, as many with one `gesture`, side by side. */
export function historyOf(operations: readonly RecentOperation[]): HistoryEntry[] {
  const gestures = new Map<string, RecentOperation[]>()
  for (const operation of operations.filter(({ kind }) => kind in KINDS || kind === MOVED)) {
    const key = operation.gesture ?? operation.id
    gestures.set(key, [...(gestures.get(key) ?? []), operation])
  }
  return [...gestures].flatMap(([gesture, made]) => entriesOf(gesture, made))
}

function entriesOf(gesture: string, made: readonly RecentOperation[]): HistoryEntry[] {
  if (made[0]?.kind === MOVED) return [moveEntryOf(gesture, made)]
  const frames = [...new Set(made.map(({ frame }) => frame))]
  const title = `${KINDS[made[0]?.kind ?? '']?.said}${made.length > 1 ? ` and ${made.length - 1} more` : ''}`
  return frames.map((frame) => {
    const here = made.filter((one) => one.frame === frame)
    const entry = { frame, title, selected: here[0]?.box ?? null, alongside: new Set<string>(), steps: [] }
    return { ...entry, recalled: here.map(recalledOf), ...(frames.length > 1 && { gesture }) }
  })
}

/** A step whose frame left the page meanwhile, as the server would remember it. */
export const rememberedOf = ({ operation, before, after }: Step): RecalledOperation => ({
  id: operation.id,
  kind: operation.kind,
  box: (after ?? before)?.client_id ?? null,
  before,
  after,
  changedBy: null,
})

/** The steps as they were made, on the frame as it is; null when a box is no longer as they left it. */
export function stepsRecalled(frame: LabelledFrame, recalled: readonly RecalledOperation[]): Step[] | null {
  const boxes = new Map(frame.boxes.map((box) => [box.client_id, box]))
  const steps: Step[] = []
  for (const one of [...recalled].reverse()) {
    const box = one.box === null ? null : boxes.get(one.box)
    if (box === undefined || (box && !sameLabel(box, { ...box, ...one.after }))) return null
    const before = box && one.before ? { ...box, ...one.before } : null
    if (before) boxes.set(before.client_id, before)
    steps.unshift({ operation: operationOf(one), before, after: box })
  }
  return steps
}

const operationOf = ({ id, kind, box, after }: RecalledOperation): Operation =>
  ({ ...stated(after), id, kind, ...(box ? { box } : {}) }) as Operation

/** What an operation of that kind would have said. */
const stated = (after: Partial<LabelBox> | null): object => {
  const { state: _, ...said } = after ?? {}
  return said
}

/** Who stands in the way, as far as is known. */
export const changedBy = (recalled: readonly RecalledOperation[]): string =>
  recalled.find((one) => one.changedBy !== null)?.changedBy ?? 'somebody else'
