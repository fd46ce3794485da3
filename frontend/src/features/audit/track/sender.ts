/** Decisions on their way: one after another, tried again until the server answers, each with what the person saw. */

import type { Film, TrackDecision } from '../../../api/types'
import { versionsOf } from './film'
import type { TrackAnswer, TrackApi } from './trackApi'

export type Versions = Map<number, number>

export interface Sent {
  readonly track: number
  readonly decision: Omit<TrackDecision, 'versions'>
  /** Frame id -> version, as seen when deciding; it grows with this person's own decisions alone. */
  readonly versions: Versions
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

export class Sender {
  private queue: Sent[] = []
  private busy = false
  private retryMs = FIRST_RETRY_MS
  private retry: ReturnType<typeof setTimeout> | null = null
  private readonly api: Pick<TrackApi, 'decide'>
  private readonly answered: (sent: Sent, answer: TrackAnswer) => void

  constructor(api: Pick<TrackApi, 'decide'>, answered: (sent: Sent, answer: TrackAnswer) => void) {
    this.api = api
    this.answered = answered
  }

  get waiting(): readonly Sent[] {
    return this.queue
  }

  add(sent: Sent): void {
    this.queue.push(sent)
    void this.flush()
  }

  /** Try now. */
  async flush(): Promise<void> {
    if (this.busy) return
    if (this.retry) clearTimeout(this.retry)
    this.busy = true
    for (let sent = this.queue[0]; sent; sent = this.queue[0]) if (!(await this.send(sent))) break
    this.busy = false
  }

  close(): void {
    if (this.retry) clearTimeout(this.retry)
  }

  private async send(sent: Sent): Promise<boolean> {
    const versions = Object.fromEntries(sent.versions)
    const answer = await this.api.decide(sent.track, { ...sent.decision, versions })
    const lost = answer.kind === 'unreachable' || answer.kind === 'signed-out'
    if (lost) this.later()
    else {
      this.queue.shift()
      this.retryMs = FIRST_RETRY_MS
      if (answer.kind === 'written') for (const next of this.queue) carry(next.versions, sent.versions, answer.films)
    }
    this.answered(sent, answer)
    return !lost
  }

  private later(): void {
    this.retry = setTimeout(() => void this.flush(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
  }
}

/** A frame seen as it was before one's own decision is, after it, seen as that left it. What others changed stays unseen. */
export function carry(seen: Versions, before: Versions, films: readonly Film[]): void {
  for (const { id, version } of films.flatMap(({ frames }) => frames))
    if (seen.has(id) && seen.get(id) === before.get(id)) seen.set(id, version)
}

/** A film after one's own decision about another track on the same frames. */
export function carried(film: Film, before: Versions, films: readonly Film[]): Film {
  const versions: Versions = versionsOf(film)
  carry(versions, before, films)
  return {
    ...film,
    frames: film.frames.map((frame) => ({ ...frame, version: versions.get(frame.id) ?? frame.version })),
  }
}
