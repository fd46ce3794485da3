/**
 * The outbox: operations in order, journalled first, sent in batches, kept until the server has them.
 *
 * One request is on its way at a time. A batch whose answer was lost is sent again exactly as it was, because the server
 * knows a repeated batch by its ids. A frame in conflict waits for the person; the other frames go on.
 */

import { createStore } from 'zustand/vanilla'
import type { LabelledFrame } from '../../../editor/scene/label'
import { type Step, stillNeeded } from '../../../editor/scene/operations'
import type { Journal, JournalEntry } from './journal'
import { ALL_SAVED, type Conflict, type OutboxState } from './outboxState'
import type { Answer, Transport } from './transport'

export interface OutboxEvents {
  /** The server's answer to a batch: the frame's new version and the boxes that changed. */
  confirmed(frame: number, answer: Extract<Answer, { kind: 'confirmed' }>): void
  /** What the server holds (when known), after a conflict was settled or an operation was refused. */
  rebased(frame: number, current: LabelledFrame | null): void
}

const BATCH = 200
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

export class Outbox {
  readonly store = createStore<OutboxState>(() => ALL_SAVED)
  private entries: JournalEntry[] = []
  private readonly versions = new Map<number, number>()
  private readonly conflicts = new Map<number, Conflict>()
  /** Frames whose operations go one by one, to find the one that is refused. */
  private readonly singly = new Set<number>()
  private trouble: 'offline' | 'signed-out' | null = null
  private sending: Promise<void> | null = null
  private retry: ReturnType<typeof setTimeout> | null = null
  private retryMs = FIRST_RETRY_MS
  private order = 0
  private writes: Promise<unknown> = Promise.resolve()
  private readonly transport: Transport
  private readonly journal: Journal
  private readonly events: OutboxEvents
  private readonly owner: string
  private readonly tab: string

  constructor(
    transport: Transport,
    journal: Journal,
    events: OutboxEvents,
    { owner, tab }: { owner: string; tab: string },
  ) {
    this.transport = transport
    this.journal = journal
    this.events = events
    this.owner = owner
    this.tab = tab
  }

  /** Take over what earlier pages left, except those that still live, and send it. */
  async start(livingTabs: ReadonlySet<string>): Promise<void> {
    const found = await this.journal.read(this.owner).catch(() => this.withoutJournal())
    const free = found.filter(({ tab }) => tab === this.tab || !livingTabs.has(tab))
    this.entries = free.map((entry) => ({ ...entry, tab: this.tab }))
    for (const entry of this.unsent())
      if (!this.versions.has(entry.frame)) this.versions.set(entry.frame, entry.version)
    this.order = Math.max(0, ...found.map((entry) => entry.order))
    await this.write(this.entries)
    await this.flush()
  }

  /**
   * The version that a frame came with; older operations that wait keep theirs, so that a conflict shows.
   * A version never falls: the caller may not have heard yet of the last one that was confirmed.
   */
  base(frame: number, version: number): void {
    if (this.stepsOf(frame).length > 0) return
    this.versions.set(frame, Math.max(version, this.versions.get(frame) ?? version))
  }

  /** Frames that the page no longer holds: nobody asks for their versions again. Those with work that waits stay. */
  forget(frames: Iterable<number>): void {
    for (const frame of frames) if (this.stepsOf(frame).length === 0) this.versions.delete(frame)
  }

  add(frame: number, version: number, steps: readonly Step[]): void {
    this.base(frame, version)
    const entries = steps.map((step) => this.entryOf(frame, step))
    this.entries.push(...entries)
    this.publish()
    void this.write(entries).then(() => this.flush())
  }

  /** What is shown of a frame but not yet the server's. */
  stepsOf(frame: number): Step[] {
    return this.unsent()
      .filter((entry) => entry.frame === frame)
      .map((entry) => entry.step)
  }

  /** Try now; resolves when there is nothing that can be sent. */
  async flush(): Promise<void> {
    if (this.retry) clearTimeout(this.retry)
    this.retry = null
    this.sending ??= this.pump().finally(() => this.paused())
    return this.sending
  }

  /** The person has chosen: theirs as it is, or mine again on top of it, as far as the two differ. */
  async settle(frame: number, choice: 'mine' | 'theirs'): Promise<void> {
    const conflict = this.conflicts.get(frame)
    if (!conflict) return
    this.conflicts.delete(frame)
    const { current } = conflict
    if (current) this.versions.set(frame, current.frame.version)
    if (choice === 'mine' && current) await this.dismiss(this.agreed(current))
    const mine = this.unsent().filter((entry) => entry.frame === frame)
    await this.change(mine, {
      status: choice === 'mine' ? 'waiting' : 'dropped',
      version: this.versions.get(frame) ?? 0,
    })
    this.events.rebased(frame, current)
    await this.flush()
  }

  /** Ids of the operations whose outcome the other person reached too. */
  private agreed(current: LabelledFrame): string[] {
    const steps = this.stepsOf(current.frame.id)
    const needed = new Set(stillNeeded(current, steps))
    return steps.filter((step) => !needed.has(step)).map((step) => step.operation.id)
  }

  /** The person has seen what was set aside. */
  async dismiss(ids: readonly string[]): Promise<void> {
    this.entries = this.entries.filter((entry) => !ids.includes(entry.id))
    this.publish()
    await this.keep(() => this.journal.remove(ids))
  }

  close(): void {
    if (this.retry) clearTimeout(this.retry)
  }

  private paused(): void {
    this.sending = null
    this.publish()
    // Work that came between the last look and this line would wait for the next work otherwise.
    if (!this.trouble && this.nextBatch().length > 0) void this.flush()
  }

  private async pump(): Promise<void> {
    for (let batch = this.nextBatch(); batch.length > 0; batch = this.nextBatch()) {
      const [first] = batch
      if (!first) return
      await this.change(batch, { status: 'sent' })
      const version = this.versions.get(first.frame) ?? first.version
      const answer = await this.transport.send(
        first.frame,
        version,
        batch.map((entry) => entry.step.operation),
      )
      if (!(await this.take(first.frame, batch, answer))) return
    }
  }

  /** The oldest operations that may go: a batch that was tried before unchanged, otherwise all that wait for that frame. */
  private nextBatch(): JournalEntry[] {
    const free = this.unsent().filter((entry) => !this.conflicts.has(entry.frame))
    const mine = free.filter((entry) => entry.frame === free[0]?.frame)
    const tried = mine.filter((entry) => entry.status === 'sent')
    if (tried.length > 0) return tried
    return mine.slice(0, mine[0] && this.singly.has(mine[0].frame) ? 1 : BATCH)
  }

  /** Act on an answer; false stops the sending until later. */
  private async take(frame: number, batch: JournalEntry[], answer: Answer): Promise<boolean> {
    this.trouble = null
    switch (answer.kind) {
      case 'confirmed':
        await this.confirm(frame, batch, answer)
        return true
      case 'changed':
        return this.conflict({ frame, current: answer.current, heldBy: null }, batch)
      case 'held':
        return this.conflict({ frame, current: null, heldBy: answer.by }, batch)
      case 'refused':
        await this.refuse(frame, batch, answer)
        return true
      case 'signed-out':
        this.trouble = 'signed-out'
        return false
      case 'unreachable':
        this.trouble = 'offline'
        this.retryLater()
        return false
    }
  }

  private async confirm(
    frame: number,
    batch: JournalEntry[],
    answer: Extract<Answer, { kind: 'confirmed' }>,
  ): Promise<void> {
    this.retryMs = FIRST_RETRY_MS
    this.versions.set(frame, answer.version)
    const ids = batch.map((entry) => entry.id)
    this.entries = this.entries.filter((entry) => !ids.includes(entry.id))
    const left = this.unsent().filter((entry) => entry.frame === frame)
    if (left.length === 0) this.singly.delete(frame)
    // In this order a crash between the two sends a batch again that the server knows.
    await this.change(left, { version: answer.version })
    await this.keep(() => this.journal.remove(ids))
    this.events.confirmed(frame, answer)
  }

  private async conflict(conflict: Conflict, batch: JournalEntry[]): Promise<boolean> {
    this.conflicts.set(conflict.frame, conflict)
    await this.change(batch, { status: 'waiting' })
    return true
  }

  private async refuse(
    frame: number,
    batch: JournalEntry[],
    answer: Extract<Answer, { kind: 'refused' }>,
  ): Promise<void> {
    const culprit = batch.length === 1 ? batch[0] : answer.index === null ? undefined : batch[answer.index]
    if (!culprit) this.singly.add(frame)
    await this.change(
      batch.filter((entry) => entry !== culprit),
      { status: 'waiting' },
    )
    if (!culprit) return
    await this.change([culprit], { status: 'refused', reason: answer.reason })
    this.events.rebased(frame, null)
  }

  private retryLater(): void {
    this.retry = setTimeout(() => {
      this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
      void this.flush()
    }, this.retryMs)
  }

  private unsent(): JournalEntry[] {
    return this.entries.filter((entry) => entry.status === 'waiting' || entry.status === 'sent')
  }

  private entryOf(frame: number, step: Step): JournalEntry {
    this.order += 1
    const { owner, tab, order } = this
    const version = this.versions.get(frame) ?? 0
    return { id: step.operation.id, order, owner, tab, frame, version, step, status: 'waiting', reason: '' }
  }

  private async change(entries: readonly JournalEntry[], changes: Partial<JournalEntry>): Promise<void> {
    const ids = new Set(entries.map((entry) => entry.id))
    this.entries = this.entries.map((entry) => (ids.has(entry.id) ? { ...entry, ...changes } : entry))
    this.publish()
    await this.write(this.entries.filter((entry) => ids.has(entry.id)))
  }

  private async write(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length > 0) await this.keep(() => this.journal.write(entries))
  }

  /** One journal write after another; a browser that can't store is told to the person, and sending goes on. */
  private keep(work: () => Promise<void>): Promise<unknown> {
    this.writes = this.writes.then(work).catch(() => this.withoutJournal())
    return this.writes
  }

  private withoutJournal(): JournalEntry[] {
    this.store.setState({ journalled: false })
    return []
  }

  private publish(): void {
    const waiting = this.unsent().length
    const setAside = this.entries.filter((entry) => entry.status === 'refused' || entry.status === 'dropped')
    const conflicts = [...this.conflicts.values()]
    const busy = waiting > 0 ? 'saving' : 'saved'
    const phase = this.trouble ?? (conflicts.length > 0 ? 'conflict' : busy)
    this.store.setState({ phase, waiting, conflicts, setAside })
  }
}
