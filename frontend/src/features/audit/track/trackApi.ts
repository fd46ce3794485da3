/** The requests of track mode. A decision's answer is a value; everything else throws what the client throws. */

import { api, isApiError } from '../../../api/client'
import type { Film, RecentOperation, TrackBrief, TrackDecision, TrackResult } from '../../../api/types'

export type TrackAnswer =
  /** `duplicate`: the server had it already. */
  | { readonly kind: 'written'; readonly films: readonly Film[]; readonly duplicate: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string; readonly frames: readonly string[] }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable' }

export class TrackApi {
  /** A drive's tracks that wait, riskiest first. */
  async tracks(drive: number): Promise<TrackBrief[]> {
    return (await api.get<{ results: TrackBrief[] }>('/tracks/', { query: { drive } })).results
  }

  film(track: number): Promise<Film> {
    return api.get<Film>(`/tracks/${track}/`)
  }

  /** What this person decided about the drive's tracks and still stands, oldest first: the newest, or what lies before an operation. */
  async recent(drive: number, before: string | null): Promise<RecentOperation[]> {
    const query = { device: 'film', drive, before }
    return (await api.get<{ results: RecentOperation[] }>('/operations/', { query })).results
  }

  async decide(track: number, decision: TrackDecision): Promise<TrackAnswer> {
    try {
      // A decision waits in the session while nobody is logged in; a request that waits for a login would block it.
      const path = `/tracks/${track}/operations/`
      const { tracks, duplicate } = await api.post<TrackResult>(path, decision, { login: 'throw' })
      return { kind: 'written', films: tracks, duplicate }
    } catch (error) {
      if (!isApiError(error) || error.status === 429 || error.status >= 500) return { kind: 'unreachable' }
      if (error.status === 401) return { kind: 'signed-out' }
      return { kind: 'refused', code: error.code, detail: error.detail, frames: namesOf(error.body.frames) }
    }
  }
}

/** 412 names the frames, 409 and 403 give their ids. */
const namesOf = (frames: unknown): string[] =>
  Array.isArray(frames) ? frames.map((frame) => (typeof frame === 'object' ? String(frame.name) : `#${frame}`)) : []
