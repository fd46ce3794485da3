/** A split or merge of tracks, made in track mode and taken back at the desk: one decision of the server's over all its frames. */

import type { Film, RecentOperation } from '../../../api/types'
import type { HistoryEntry, TrackMove } from '../../../editor/history'
import { uuid } from '../../../editor/uuid'
import { tracksOf } from '../track/earlier'
import { versionsOf } from '../track/film'
import type { TrackAnswer, TrackApi } from '../track/trackApi'
import { recalledOf } from './recalled'

export type TrackRequests = Pick<TrackApi, 'film' | 'decide'>

export type MovedBack =
  | { readonly kind: 'done'; readonly title: string; readonly move: TrackMove }
  /** `final`: asking again will not help. */
  | { readonly kind: 'refused'; readonly title: string; readonly reason: string; readonly final: boolean }

const MAY_PASS = ['lease_held', 'track_changed']

/** What one decision did to the tracks, as an entry to undo; its frame is the first one on which a box changed its track. */
export function moveEntryOf(decision: string, made: readonly RecentOperation[]): HistoryEntry {
  const tracks = tracksOf(made)
  const frames = [...new Set(made.map(({ frame }) => frame))]
  const from = made[0]?.before?.track
  return {
    frame: made[0]?.frame ?? 0,
    title: 'Tracks changed',
    selected: made[0]?.box ?? null,
    alongside: new Set<string>(),
    steps: [],
    recalled: made.map(recalledOf),
    move: { id: decision, next: uuid(), from: typeof from === 'number' ? from : null, tracks, frames },
  }
}

/** Undo of an undo is the redo, so both are this. The id is the move's own: asked twice, the server does it once. */
export async function takeMoveBack(api: TrackRequests, { title, move }: HistoryEntry): Promise<MovedBack | null> {
  const [first] = move?.tracks ?? []
  if (!move || first === undefined) return null
  const films = await Promise.all(move.tracks.map((id) => api.film(id)))
  const versions = Object.fromEntries(films.flatMap((film) => [...versionsOf(film)]))
  const name = title === 'Tracks changed' ? titleOf(move, films) : title
  const wanted = { id: move.next, kind: 'undo', operation: move.id, device: 'desk', versions } as const
  const answer = await api.decide(first, wanted)
  if (answer.kind === 'refused') return { kind: 'refused', title: name, ...reasonOf(answer) }
  if (answer.kind !== 'written') return null
  return { kind: 'done', title: name, move: { ...move, id: move.next, next: uuid() } }
}

/** A merge leaves nothing of the track that the boxes came from. */
const titleOf = ({ from }: TrackMove, films: readonly Film[]): string =>
  films.some(({ id, frames }) => id === from && frames.some(({ boxes }) => boxes.length > 0))
    ? 'Track split'
    : 'Tracks merged'

const reasonOf = ({ code, detail }: Extract<TrackAnswer, { kind: 'refused' }>): { reason: string; final: boolean } => ({
  reason: code === 'not_last_change' ? 'its boxes were changed since' : detail,
  final: !MAY_PASS.includes(code),
})
