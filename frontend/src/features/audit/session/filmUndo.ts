/** What was decided about whole tracks on their film, taken back at the desk. */

import type { FilmDecision } from '../../../editor/history'
import { uuid } from '../../../editor/uuid'
import { versionsOf } from '../track/film'
import { TrackApi } from '../track/trackApi'

/** `refused`: the server's words; null where it has been taken back by the decision `id`, on these frames. */
export interface TakenBack {
  readonly id: string
  readonly refused: string | null
  readonly frames: readonly number[]
}

export async function takeBackFilm({ id: operation, tracks }: FilmDecision, api = new TrackApi()): Promise<TakenBack> {
  const [track] = tracks
  if (track === undefined) throw new Error('A decision about no track.')
  const versions = new Map(
    (await Promise.all(tracks.map((each) => api.film(each)))).flatMap((film) => [...versionsOf(film)]),
  )
  const id = uuid()
  const undo = { id, kind: 'undo', operation, device: 'desk', versions: Object.fromEntries(versions) } as const
  const answer = await api.decide(track, undo)
  if (answer.kind === 'unreachable' || answer.kind === 'signed-out') throw new Error(answer.kind)
  return { id, refused: answer.kind === 'refused' ? answer.detail : null, frames: [...versions.keys()] }
}
