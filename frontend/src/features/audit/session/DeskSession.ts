/**
 * One person's sitting at the desk: claims frames, keeps the next ones ready, and carries decisions to the outbox.
 *
 * The editor shows one frame; the session knows the list. Shown = confirmed by the server + what the outbox still holds.
 */

import { createStore } from 'zustand/vanilla'
import { loginRenewed } from '../../../api/session'
import type { FrameDetail } from '../../../api/types'
import { Editor, type EditorHost } from '../../../editor/editor'
import type { LabelCategory, LabelledFrame } from '../../../editor/scene/label'
import { replayed, type Step, withBox } from '../../../editor/scene/operations'
import { uuid } from '../../../editor/uuid'
import type { Journal } from '../saving/journal'
import { Outbox } from '../saving/outbox'
import type { Answer } from '../saving/transport'
import type { DeskApi } from './deskApi'
import { BitmapRing } from './images'
import { rememberPreferences } from './preferences'
import { ahead, changed, EMPTY_QUEUE, extended, neighbour, outgrown, type Queue, queuedFrame, without } from './queue'
import { holdTab, livingTabs } from './tabs'
import { queuedOf } from './wire'

export interface DeskQuery {
  readonly drive: number | null
  readonly category: number | null
  /** A frame to begin with, claimed or not. */
  readonly frame: number | null
}

export interface DeskState {
  /** `looking`: no frame at hand, a claim is under way. `empty`: nothing waits for anybody. */
  readonly phase: 'opening' | 'ready' | 'looking' | 'empty' | 'failed'
  readonly failure: string
  readonly queue: Queue
  /** Frames of this queue: done in this sitting or open, with whomever they are. */
  readonly total: number
  readonly finished: number
  readonly pictureMissing: boolean
  /** The last thing said; `key` changes with every saying. */
  readonly said: { readonly text: string; readonly key: number } | null
}

const CLAIM_COUNT = 6
const CLAIM_BELOW = 6
const PREFETCHED = 8
const HEARTBEAT_MS = 30_000
/** Who has not touched anything for so long has left: the lease may lapse. */
const AWAY_AFTER_MS = 10 * 60_000

export class DeskSession implements EditorHost {
  readonly editor = new Editor(this)
  readonly outbox: Outbox
  readonly store = createStore<DeskState>(() => ({
    phase: 'opening',
    failure: '',
    queue: EMPTY_QUEUE,
    total: 0,
    finished: 0,
    pictureMissing: false,
    said: null,
  }))
  /** Set by the page: where the keyboard goes when it leaves the stage. */
  focusPanels: () => void = () => {}
  private readonly api: DeskApi
  private readonly query: DeskQuery
  private readonly images: BitmapRing
  private readonly tab = uuid()
  private readonly stop = new AbortController()
  private categories = new Map<number, readonly LabelCategory[]>()
  private claiming: Promise<void> | null = null
  private listening: true | null = null

  constructor(api: DeskApi, journal: Journal, query: DeskQuery, owner: string) {
    this.api = api
    this.query = query
    this.images = new BitmapRing(api)
    const events = { confirmed: this.confirmed, rebased: this.rebased }
    this.outbox = new Outbox(api, journal, events, { owner, tab: this.tab })
  }

  /** Open the desk: first send what an earlier page left, then claim, then show. */
  async start(): Promise<void> {
    this.listening ??= this.listen()
    try {
      this.set({ phase: 'opening', failure: '' })
      await this.outbox.start(await livingTabs())
      this.categories = new Map((await this.api.taxonomies()).map(({ id, categories }) => [id, categories]))
      if (this.query.frame !== null) this.extend([await this.api.frame(this.query.frame)])
      await this.claimMore()
      this.showFirst()
    } catch (error) {
      this.set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Leave: give back what is not done. What waits in the outbox stays in the journal. */
  close(): void {
    this.editor.commitDraft()
    this.stop.abort()
    this.outbox.close()
    this.giveBack()
    this.images.close()
  }

  // What the editor asks for

  record(frame: number, steps: readonly Step[]): void {
    const known = queuedFrame(this.queue, frame)
    if (!known) return
    this.outbox.add(frame, known.confirmed.frame.version, steps)
    for (const { operation } of steps) {
      if (operation.kind === 'finish') this.mark(frame, 'done', 1)
      if (operation.kind === 'reopen') this.mark(frame, 'open', -1)
    }
  }

  open(id: number): boolean {
    const frame = queuedFrame(this.queue, id)
    if (!frame) return false
    this.set({ phase: 'ready', pictureMissing: false, queue: { ...this.queue, current: id } })
    const image = this.images.get(id)
    this.editor.load(this.shown(id) ?? frame.confirmed, image, this.categories.get(frame.taxonomy) ?? [])
    // What is looked at comes first: the next frames wait until it is there.
    void (image ? this.lookAhead() : this.bringPicture(id).then(() => this.lookAhead()))
    return true
  }

  step(direction: 1 | -1): void {
    const next = neighbour(this.queue, direction)
    if (next) this.open(next.id)
    else if (direction === 1) this.advance()
  }

  /** The next frame that is not done; when none is at hand, as soon as one is. */
  advance(): void {
    const [next] = ahead(this.queue)
    if (next) {
      this.open(next.id)
      return
    }
    this.set({ phase: 'looking' })
    // Without network the heartbeat and the return of the network ask again.
    void this.claimMore().then(
      () => this.showFirst(),
      () => null,
    )
  }

  skip(): void {
    const { current } = this.queue
    if (current === null) return
    this.mark(current, 'skipped', 0)
    this.announce('Skipped: somebody else will see it')
    void this.outbox.flush().then(() => this.api.release([current]).catch(() => null))
    this.advance()
  }

  saveNow(): void {
    void this.outbox.flush().then(() => {
      const { waiting } = this.outbox.store.getState()
      this.announce(waiting === 0 ? 'Everything is saved' : `${waiting} wait to be sent`)
    })
  }

  leaveStage(): void {
    this.focusPanels()
  }

  announce(text: string): void {
    this.set({ said: { text, key: (this.store.getState().said?.key ?? 0) + 1 } })
  }

  /** The person has settled a conflict. Taking theirs ends what could be undone on that frame. */
  async settle(frame: number, choice: 'mine' | 'theirs'): Promise<void> {
    const held = this.outbox.store.getState().conflicts.some((one) => one.frame === frame && one.heldBy !== null)
    if (choice === 'theirs') this.editor.history.forget(frame)
    await this.outbox.settle(frame, choice)
    if (choice === 'theirs' && held) {
      this.mark(frame, 'skipped', 0)
      if (frame === this.queue.current) this.advance()
    }
  }

  // What the outbox reports

  private readonly confirmed = (id: number, answer: Extract<Answer, { kind: 'confirmed' }>): void => {
    const frame = queuedFrame(this.queue, id)
    if (!frame) return
    const { boxes, frame: head } = frame.confirmed
    const merged = answer.boxes.reduce<LabelledFrame['boxes']>((all, box) => withBox(all, box), boxes)
    this.rebase(id, { frame: { ...head, version: answer.version, state: answer.state }, boxes: merged })
  }

  private readonly rebased = (id: number, current: LabelledFrame | null): void => {
    const known = queuedFrame(this.queue, id)
    if (!known) return
    if (!current) this.editor.history.forget(id)
    this.rebase(id, current ?? known.confirmed)
  }

  private rebase(id: number, confirmed: LabelledFrame): void {
    this.set({ queue: changed(this.queue, id, { confirmed }) })
    const shown = this.shown(id)
    if (shown) this.editor.rebase(shown)
  }

  private shown(id: number): LabelledFrame | null {
    const frame = queuedFrame(this.queue, id)
    return frame && replayed(frame.confirmed, this.outbox.stepsOf(id))
  }

  // The list

  private async claimMore(): Promise<void> {
    this.claiming ??= this.claim().finally(() => {
      this.claiming = null
    })
    return this.claiming
  }

  private async claim(): Promise<void> {
    const { drive, category } = this.query
    const exclude = this.queue.frames.filter((frame) => frame.status !== 'done').map((frame) => frame.id)
    const filters = { ...(drive !== null && { drive }), ...(category !== null && { category }) }
    const claim = await this.api.claim({ ...filters, count: CLAIM_COUNT, exclude })
    this.extend(claim.frames)
    this.set({ total: claim.remaining + this.store.getState().finished })
  }

  private extend(frames: readonly FrameDetail[]): void {
    const queued = frames.map(queuedOf)
    for (const { id, confirmed } of queued) this.outbox.base(id, confirmed.frame.version)
    this.set({ queue: extended(this.queue, queued) })
  }

  private showFirst(): void {
    const first = queuedFrame(this.queue, this.queue.current === null ? this.query.frame : null) ?? ahead(this.queue)[0]
    if (first) this.open(first.id)
    else this.set({ phase: 'empty' })
  }

  /** Have the next frames claimed and their pictures decoded before they are asked for. */
  private async lookAhead(): Promise<void> {
    this.set({ queue: without(this.queue, outgrown(this.queue)) })
    if (ahead(this.queue).length < CLAIM_BELOW) await this.claimMore().catch(() => null)
    await this.images.prefetch(
      ahead(this.queue)
        .slice(0, PREFETCHED)
        .map((frame) => frame.id),
    )
  }

  /** The thumbnail at once, the picture when it is there; both only while the frame is still on the stage. */
  private async bringPicture(id: number): Promise<void> {
    const current = (): boolean => this.queue.current === id && !this.stop.signal.aborted
    let whole = false
    void this.api
      .thumbnail(id)
      .then((preview) => !whole && current() && this.editor.showImage(preview, { preview: true }))
      .catch(() => null)
    try {
      const image = await this.images.load(id)
      whole = true
      if (current()) this.editor.showImage(image)
      if (current()) this.set({ pictureMissing: false })
    } catch {
      if (current()) this.set({ pictureMissing: true })
    }
  }

  private mark(id: number, status: 'open' | 'done' | 'skipped', finished: number): void {
    const { queue, finished: before } = this.store.getState()
    this.set({ queue: changed(queue, id, { status }), finished: before + finished })
  }

  // Leases and the network

  private listen(): true {
    const { signal } = this.stop
    const release = holdTab(this.tab)
    const forget = rememberPreferences(this.editor)
    const beat = setInterval(() => void this.heartbeat(), HEARTBEAT_MS)
    signal.addEventListener('abort', () => {
      release()
      forget()
      clearInterval(beat)
    })
    this.outbox.store.subscribe(({ phase }, before) => {
      if (phase === 'signed-out' && before.phase !== phase) void this.awaitLogin()
    })
    window.addEventListener('online', () => void this.reconnect(), { signal })
    window.addEventListener('pagehide', () => this.giveBack(), { signal })
    return true
  }

  private async heartbeat(): Promise<void> {
    if (this.store.getState().phase === 'looking') this.advance()
    const open = this.queue.frames.filter((frame) => frame.status === 'open').map((frame) => frame.id)
    if (open.length === 0 || this.editor.stopwatch.idleMs > AWAY_AFTER_MS) return
    const { lost } = await this.api.heartbeat(open).catch(() => ({ lost: [] }))
    const gone = lost.filter((id) => this.outbox.stepsOf(id).length === 0)
    if (gone.length > 0) this.set({ queue: without(this.queue, new Set(gone)) })
  }

  private async reconnect(): Promise<void> {
    await this.outbox.flush()
    const { phase, pictureMissing } = this.store.getState()
    if (phase === 'failed') return this.start()
    if (phase === 'looking') return this.advance()
    if (pictureMissing && this.queue.current !== null) void this.bringPicture(this.queue.current)
    await this.lookAhead()
  }

  /** The shell asks for the password over the page; then what waits is sent. */
  private async awaitLogin(): Promise<void> {
    await loginRenewed(this.stop.signal).catch(() => null)
    if (!this.stop.signal.aborted) await this.outbox.flush()
  }

  private giveBack(): void {
    const open = this.queue.frames.filter(({ id, status }) => status === 'open' && this.outbox.stepsOf(id).length === 0)
    void this.api.release(open.map((frame) => frame.id)).catch(() => null)
  }

  private get queue(): Queue {
    return this.store.getState().queue
  }

  private set(change: Partial<DeskState>): void {
    this.store.setState(change)
  }
}
