/** An operation of the server's memory in the editor's words. */

import type { RecentOperation } from '../../../api/types'
import type { RecalledOperation } from '../../../editor/history'
import type { Operation } from '../../../editor/scene/operations'

export const KINDS: Readonly<Record<string, { readonly kind: Operation['kind']; readonly said: string }>> = {
  accepted: { kind: 'accept', said: 'Accepted' },
  rejected: { kind: 'reject', said: 'Rejected' },
  dismissed: { kind: 'dismiss', said: 'Dismissed' },
  restored: { kind: 'restore', said: 'Back to undecided' },
  relabelled: { kind: 'relabel', said: 'Relabelled' },
  reshaped: { kind: 'reshape', said: 'Moved box' },
  flagged: { kind: 'flag', said: 'Flagged' },
  unsure: { kind: 'unsure', said: 'Unsure' },
  created: { kind: 'create', said: 'Drew a box' },
  finished: { kind: 'finish', said: 'Frame finished' },
  reopened: { kind: 'reopen', said: 'Frame reopened' },
}

export const recalledOf = ({ id, kind, box, before, after, changed_by }: RecentOperation): RecalledOperation => ({
  id,
  kind: KINDS[kind]?.kind ?? 'accept',
  box,
  // Of a frame's own operations they hold its state, which is no box's.
  before: box ? before : null,
  after: box ? after : null,
  changedBy: changed_by?.name ?? null,
})
