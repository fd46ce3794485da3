/** What can come of sending operations; the outbox decides what follows, and `deskApi` speaks HTTP. */

import type { LabelBox, LabelledFrame } from '../../../editor/scene/label'
import type { Operation } from '../../../editor/scene/operations'

export type Answer =
  | {
      readonly kind: 'confirmed'
      readonly version: number
      readonly state: string
      readonly boxes: readonly LabelBox[]
    }
  /** Somebody changed the frame meanwhile; nothing was applied. */
  | { readonly kind: 'changed'; readonly current: LabelledFrame }
  /** Somebody else audits the frame now; nothing was applied. */
  | { readonly kind: 'held'; readonly by: string }
  /** One operation is wrong for good; nothing was applied. `index` is null where the server did not say which. */
  | { readonly kind: 'refused'; readonly reason: string; readonly index: number | null }
  | { readonly kind: 'signed-out' }
  /** No network, or a server that can't answer now. */
  | { readonly kind: 'unreachable' }

export interface Transport {
  /** Post operations made on that version of the frame: all are applied, or none. Never rejects. */
  send(frame: number, version: number, operations: readonly Operation[]): Promise<Answer>
}
