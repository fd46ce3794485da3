/**
 * Decisions on their way: journalled first, sent one after another, tried again until the server answers, each with what the person saw.
 *
 * waiting -> gone (the server has it) | refused -> gone (the person has read why).
 */

import type { Film, TrackDecision } from '../../../api/types'
import type { Journal, Kept } from '../saving/journal'
import { versionsOf } from './film'
import type { TrackAnswer, TrackApi } from './trackApi'

export type Versions = Map<number, number>

export interface Sent {
  readonly drive: number
  readonly track: number
  readonly decision: Omit<TrackDecision, 'versions'>
  /** Frame id -> version, as seen when deciding; it grows with this person's own decisions alone. */
  readonly versions: Versions
}

export interface TrackEntry extends Kept, Sent {
  /** Why the server refused it, for the person to read; null while it waits to be sent. */
  readonly refused: string | null
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

export class Sender {
  /** False when the browser could not store the journal: closing the page would lose what waits. */
  journalled = true
  private queue: TrackEntry[] = []
  private untold: TrackEntry[] = []
  private order = 0
  private busy = false
  private flushing: Promise<void> = Promise.resolve()
  private retryMs = FIRST_RETRY_MS
  private retry: ReturnType<typeof setTimeout> | null = null
  private writes: Promise<unknown> = Promise.resolve()
  private readonly api: Pick<TrackApi, 'decide'>
  private readonly journal: Journal<TrackEntry>
  private readonly answered: (sent: Sent, answer: TrackAnswer) => void
  private readonly owner: string
  private readonly tab: string

  constructor(
    api: Pick<TrackApi, 'decide'>,
    journal: Journal<TrackEntry>,
    answered: (sent: Sent, answer: TrackAnswer) => void,
    { owner, tab }: { owner: string; tab: string },
  ) {
    this.api = api
    this.journal = journal
    this.answered = answered
    this.owner = owner
    this.tab = tab
  }

  /** Take over what earlier pages left, except those that still live, and send it. */
  async start(livingTabs: ReadonlySet<string>): Promise<void> {
    const found = await this.journal.read(this.owner).catch(() => this.withoutJournal())
    const free = found
      .filter(({ tab }) => tab === this.tab || !livingTabs.has(tab))
      .map((entry) => ({ ...entry, tab: this.tab }))
    this.order = Math.max(0, ...found.map(({ order }) => order))
    this.untold = free.filter(({ refused }) => refused !== null)
    this.queue = free.filter(({ refused }) => refused === null)
    await this.keep(() => this.journal.write(free))
    await this.flush()
  }

  get waiting(): readonly Sent[] {
    return this.queue
  }

  /** What the server refused and nobody has read yet, of this page or an earlier one. */
  get refusals(): readonly string[] {
    return this.untold.map(({ refused }) => refused ?? '')
  }

  add(sent: Sent): void {
    this.order += 1
    const { owner, tab, order } = this
    const entry = { ...sent, id: sent.decision.id, owner, tab, order, refused: null }
    this.queue.push(entry)
    void this.keep(() => this.journal.write([entry])).then(() => this.flush())
  }

  /** The person has read the refusals. */
  dismiss(): void {
    const ids = this.untold.map(({ id }) => id)
    this.untold = []
    if (ids.length > 0) void this.keep(() => this.journal.remove(ids))
  }

  /** Try now, and wait until all is sent or the server is out of reach. */
  flush(): Promise<void> {
    if (!this.busy) this.flushing = this.sendAll()
    return this.flushing
  }

  close(): void {
    if (this.retry) clearTimeout(this.retry)
  }

  private async sendAll(): Promise<void> {
    if (this.retry) clearTimeout(this.retry)
    this.busy = true
    for (let entry = this.queue[0]; entry; entry = this.queue[0]) if (!(await this.send(entry))) break
    this.busy = false
  }

  private async send(entry: TrackEntry): Promise<boolean> {
    const versions = Object.fromEntries(entry.versions)
    const answer = await this.api.decide(entry.track, { ...entry.decision, versions })
    const lost = answer.kind === 'unreachable' || answer.kind === 'signed-out'
    if (lost) this.later()
    else await this.settle(entry, answer)
    this.answered(entry, answer)
    return !lost
  }

  /** In this order a crash sends a decision again that the server knows, and forgets none. */
  private async settle(entry: TrackEntry, answer: TrackAnswer): Promise<void> {
    this.queue.shift()
    this.retryMs = FIRST_RETRY_MS
    if (answer.kind === 'written') {
      for (const next of this.queue) carry(next.versions, entry.versions, answer)
      await this.keep(() => this.journal.write(this.queue))
      await this.keep(() => this.journal.remove([entry.id]))
    }
    if (answer.kind === 'refused') {
      const refused = { ...entry, refused: saying(answer) }
      this.untold.push(refused)
      await this.keep(() => this.journal.write([refused]))
    }
  }

  private later(): void {
    this.retry = setTimeout(() => void this.flush(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
  }

  /** One write after another; a browser that can't store is told to the person, and sending goes on. */
  private keep(work: () => Promise<void>): Promise<unknown> {
    this.writes = this.writes.then(work).catch(() => this.withoutJournal())
    return this.writes
  }

  private withoutJournal(): TrackEntry[] {
    this.journalled = false
    return []
  }
}

/** The server's words, with the first of the frames that it names. */
function saying({ detail, frames }: Extract<TrackAnswer, { kind: 'refused' }>): string {
  return frames.length > 0 ? `${detail} (${frames.slice(0, 5).join(', ')})` : detail
}

type Written = Pick<Extract<TrackAnswer, { kind: 'written' }>, 'films' | 'duplicate'>

/**
 * A frame seen as it was before one's own decision is, after it, seen as that left it. What others changed stays unseen:
 * so after a repeated decision, whose answer was lost, only a frame that is one version on counts as one's own.
 */
export function carry(seen: Versions, before: Versions, { films, duplicate }: Written): void {
  for (const { id, version } of films.flatMap(({ frames }) => frames)) {
    const known = seen.get(id)
    if (known === undefined || known !== before.get(id)) continue
    if (!duplicate || version === known + 1) seen.set(id, version)
  }
}

/** A film after one's own decision about another track on the same frames. */
export function carried(film: Film, before: Versions, written: Written): Film {
  const versions: Versions = versionsOf(film)
  carry(versions, before, written)
  return {
    ...film,
    frames: film.frames.map((frame) => ({ ...frame, version: versions.get(frame.id) ?? frame.version })),
  }
}
