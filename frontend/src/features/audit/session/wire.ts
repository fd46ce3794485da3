/** From what the server sends to what the editor and the queue hold. */

import type { FrameDetail } from '../../../api/types'
import type { LabelledFrame } from '../../../editor/scene/label'
import type { QueuedFrame } from './queue'

export function labelledOf({ id, name, width, height, state, version, boxes }: FrameDetail): LabelledFrame {
  return { frame: { id, name, width, height, state, version }, boxes }
}

export function queuedOf(detail: FrameDetail): QueuedFrame {
  return {
    id: detail.id,
    // The drive is named beside it, the kind of file says nothing.
    name: detail.name.replace(/\.[a-z]+$/i, ''),
    drive: detail.drive,
    driveName: detail.drive_name,
    taxonomy: detail.taxonomy,
    risk: detail.risk,
    model: detail.model?.name ?? null,
    next: detail.neighbours.next,
    confirmed: labelledOf(detail),
    status: detail.state === 'audited' ? 'done' : 'open',
  }
}
