/** A host for an editor that stands alone: only what is recorded matters, there is no queue and no desk around it. */

import type { EditorHost } from '../../../editor/editor'

const nothing = (): void => {}

export const silentHost = (record: EditorHost['record']): EditorHost => ({
  record,
  open: () => false,
  step: nothing,
  advance: nothing,
  skip: nothing,
  carry: nothing,
  recall: nothing,
  recallEarlier: nothing,
  saveNow: nothing,
  leaveStage: nothing,
  openGrid: nothing,
  openTrack: nothing,
  announce: nothing,
  nearby: () => [],
})
