/**
 * What the grid's keys did, last at the end; each may reach over many frames.
 *
 * The page keeps so many steps and no more; what lies below them, and what was done before a reload, the server remembers.
 */

import type { Crop, FrameDetail, RecentOperation } from '../../../api/types'
import type { Step } from '../../../editor/scene/operations'

export interface Recorded {
  readonly frame: number
  readonly step: Step
}

const KEPT_STEPS = 2_000

export class GridHistory {
  /** With nothing left here, the server is asked for what was done before this operation; null = for its newest. */
  before: string | null = null
  private groups: (readonly Recorded[])[] = []

  push(group: readonly Recorded[]): void {
    this.groups.push(group)
    let steps = this.groups.reduce((sum, { length }) => sum + length, 0)
    while (steps > KEPT_STEPS && this.groups.length > 1) {
      steps -= this.groups.shift()?.length ?? 0
      this.before = null
    }
  }

  pop(): readonly Recorded[] | null {
    return this.groups.pop() ?? null
  }

  /** Operations that never happened, or can't be undone. */
  forget(ids: readonly string[]): void {
    this.groups = this.groups
      .map((group) => group.filter(({ step }) => !ids.includes(step.operation.id)))
      .filter((group) => group.length > 0)
  }

  get frames(): ReadonlySet<number> {
    return new Set(this.groups.flat().map(({ frame }) => frame))
  }
}

/** All that the last key did, of operations in order, by frame. */
export function lastGesture(operations: readonly RecentOperation[]): Map<number, RecentOperation[]> {
  const last = operations.at(-1)
  const gesture = operations.filter((one) => one === last || (one.gesture !== null && one.gesture === last?.gesture))
  const frames = new Map<number, RecentOperation[]>()
  for (const one of gesture) frames.set(one.frame, [...(frames.get(one.frame) ?? []), one])
  return frames
}

/** Crops of a frame that are not in the list any more. */
export function cropsOf(detail: FrameDetail, boxes: ReadonlySet<string>): Crop[] {
  const { id, name, drive, drive_name, width, height, state, version, lease } = detail
  const frame = { id, name, drive, drive_name, width, height, state, version }
  const held_by = lease && !lease.mine ? lease.user.name : null
  return detail.boxes.filter(({ client_id }) => boxes.has(client_id)).map((box) => ({ box, frame, held_by }))
}
