/** The desk's requests. Answers to operations become what the outbox knows; everything else throws what the client throws. */

import { api, apiUrl, isApiError } from '../../../api/client'
import type { ApiError } from '../../../api/errors'
import type {
  AuditSummary,
  Claim,
  ClaimRequest,
  Crop,
  FrameDetail,
  Heartbeat,
  OperationsResult,
  Page,
  RecentOperation,
  Taxonomy,
} from '../../../api/types'
import { currentWorkspace } from '../../../api/workspace'
import type { Operation } from '../../../editor/scene/operations'
import type { Answer, Transport } from '../saving/transport'
import type { FramePictures } from './images'
import { labelledOf } from './wire'

export const thumbnailUrl = (frame: number): string => apiUrl(`/frames/${frame}/thumbnail`)

export class DeskApi implements Transport, FramePictures {
  async send(frame: number, version: number, operations: readonly Operation[]): Promise<Answer> {
    try {
      // The outbox keeps the work while nobody is logged in; a request that waits for a login would block it.
      const options = { headers: { 'If-Match': `"${version}"` }, login: 'throw' } as const
      return confirmedBy(await api.post<OperationsResult>(`/frames/${frame}/operations/`, { operations }, options))
    } catch (error) {
      return isApiError(error) ? answerOf(error, operations) : { kind: 'unreachable' }
    }
  }

  image(frame: number): Promise<ImageBitmap> {
    return picture(apiUrl(`/frames/${frame}/image`))
  }

  thumbnail(frame: number): Promise<ImageBitmap> {
    return picture(thumbnailUrl(frame))
  }

  claim(wanted: ClaimRequest): Promise<Claim> {
    return api.post<Claim>('/audit/claim/', wanted)
  }

  /** Renews what is lent, says which frame the person looks at, and hears who else is there. */
  heartbeat(frames: readonly number[], at: number | null, place: 'desk' | 'grid' = 'desk'): Promise<Heartbeat> {
    return api.post<Heartbeat>('/audit/heartbeat/', { frames, at, place })
  }

  /** Also while the page closes: such a request outlives it. */
  async release(frames: readonly number[]): Promise<void> {
    if (frames.length > 0) await api.post('/audit/release/', { frames }, { keepalive: true, login: 'throw' })
  }

  frame(id: number): Promise<FrameDetail> {
    return api.get<FrameDetail>(`/frames/${id}/`)
  }

  /** A category's open boxes, or candidates of missed objects, riskiest first. */
  async crops(category: number | null, drive: number | null, missed = false): Promise<Crop[]> {
    const query = { category, drive, missed: missed || null }
    return (await api.get<{ results: Crop[] }>('/crops/', { query })).results
  }

  /** What this person did lately and still stands, oldest first: the newest, or what was done before an operation. */
  async recentOperations(before: string | null = null, device: 'grid' | null = null): Promise<RecentOperation[]> {
    return (await api.get<{ results: RecentOperation[] }>('/operations/', { query: { before, device } })).results
  }

  async taxonomies(): Promise<Taxonomy[]> {
    return (await api.get<Page<Taxonomy>>('/taxonomies/', { query: { page_size: 500 } })).results
  }

  summary(drive: number | null): Promise<AuditSummary> {
    return api.get<AuditSummary>('/audit/summary/', { query: { drive } })
  }
}

const confirmedBy = ({ version, frame, boxes }: OperationsResult): Answer => ({
  kind: 'confirmed',
  version,
  state: frame.state,
  boxes,
})

function answerOf(error: ApiError, operations: readonly Operation[]): Answer {
  const { status, code, detail, fields, body } = error
  if (status === 401) return { kind: 'signed-out' }
  if (status === 429 || status >= 500) return { kind: 'unreachable' }
  if (code === 'frame_changed') return { kind: 'changed', current: labelledOf(body.current as FrameDetail) }
  if (code === 'lease_held') return { kind: 'held', by: String(body.by ?? 'somebody else') }
  const reason = [detail, ...Object.values(fields).filter((field) => !detail.includes(field))].join(' ')
  return { kind: 'refused', reason, index: culpritOf(error, operations) }
}

/** "operations.2.width" blames the third; a frame that can't be finished blames the finish. */
function culpritOf({ code, fields }: ApiError, operations: readonly Operation[]): number | null {
  const index = Object.keys(fields).map((path) => /^operations\.(\d+)/.exec(path)?.[1])[0]
  if (index !== undefined) return Number(index)
  const finish = operations.findIndex((operation) => operation.kind === 'finish')
  return code === 'open_boxes' && finish >= 0 ? finish : null
}

/** Pictures never change, so the browser's cache answers without asking. */
async function picture(url: string): Promise<ImageBitmap> {
  const workspace = currentWorkspace()
  const response = await fetch(url, { headers: workspace ? { 'X-Workspace': workspace } : {} })
  if (!response.ok) throw new Error(`The picture could not be loaded (${response.status}).`)
  return createImageBitmap(await response.blob())
}
