/**
 * One person's sitting at the desk: claims frames, keeps the next ones ready, and carries decisions to the outbox.
 *
 * The editor shows one frame; the session knows the list. Shown = confirmed by the server + what the outbox still holds.
 */

import { createStore } from 'zustand/vanilla'
import { isApiError } from '../../../api/client'
import type { FrameDetail, Present } from '../../../api/types'
import { behind } from '../../../editor/afterPaint'
import { Editor, type EditorHost, type Ready } from '../../../editor/editor'
import type { HistoryEntry, Way } from '../../../editor/history'
import type { LabelBox, LabelCategory, LabelledFrame } from '../../../editor/scene/label'
import { replayed, type Step, withBox } from '../../../editor/scene/operations'
import { type EditorState, selectedBox } from '../../../editor/state'
import { uuid } from '../../../editor/uuid'
import { keyStore } from '../keys/keyStore'
import type { Journal } from '../saving/journal'
import { Outbox } from '../saving/outbox'
import type { OutboxState } from '../saving/outboxState'
import type { Answer } from '../saving/transport'
import { TrackApi } from '../track/trackApi'
import type { DeskApi } from './deskApi'
import { BitmapRing } from './images'
import { type MovedBack, type TrackRequests, takeMoveBack } from './moves'
import { rememberPreferences } from './preferences'
import { keepPresence } from './presence'
import {
  ahead,
  changed,
  claimFor,
  type DeskQuery,
  extended,
  inserted,
  neighbour,
  outgrown,
  type Queue,
  queuedFrame,
  without,
} from './queue'
import { changedBy, historyOf, rememberedOf, stepsRecalled } from './recall'
import { type DeskState, OPENING } from './state'
import { livingTabs } from './tabs'
import { Trailing } from './trailing'
import { labelledOf, queuedOf } from './wire'

const CLAIM_COUNT = 6
const CLAIM_BELOW = 6
const PREFETCHED = 8
const LOOK_AGAIN_MS = 5_000
/** At an empty desk, somebody else may give a frame back, or a model label one. */
const ASK_AGAIN_MS = 15_000

export class DeskSession implements EditorHost {
  readonly editor = new Editor(this)
  readonly outbox: Outbox
  readonly store = createStore<DeskState>(() => OPENING)
  /** What the page shows of all three. */
  readonly panels: {
    readonly editor: Trailing<EditorState>
    readonly session: Trailing<DeskState>
    readonly outbox: Trailing<OutboxState>
  }
  /** Set by the page: where the keyboard goes when it leaves the stage. */
  focusPanels: () => void = () => {}
  /** Set by the page: the way to the grid of a category. */
  showGrid: (category: number | null, drive: number | null) => void = () => {}
  /** Set by the page: the way to the film of a track. */
  showTrack: (track: number, drive: number) => void = () => {}
  private readonly api: DeskApi
  private readonly tracks: TrackRequests
  private readonly query: DeskQuery
  private readonly images: BitmapRing
  private readonly tab = uuid()
  private readonly owner: string
  private readonly stop = new AbortController()
  private categories = new Map<number, readonly LabelCategory[]>()
  private claiming: Promise<void> | null = null
  private recalling: Promise<void> | null = null
  private historyKnown = false
  private asking: ReturnType<typeof setTimeout> | undefined

  constructor(api: DeskApi, journal: Journal, query: DeskQuery, owner: string, tracks: TrackRequests = new TrackApi()) {
    this.api = api
    this.tracks = tracks
    this.query = query
    this.owner = owner
    this.images = new BitmapRing(api)
    const events = { confirmed: this.confirmed, rebased: this.rebased }
    this.outbox = new Outbox(api, journal, events, { owner, tab: this.tab })
    this.panels = {
      editor: new Trailing(
        () => this.editor.state,
        this.editor.subscribe,
        (shown, next) => shown.dialog !== next.dialog,
      ),
      session: new Trailing(this.store.getState, this.store.subscribe),
      outbox: new Trailing(this.outbox.store.getState, this.outbox.store.subscribe),
    }
  }

  /** Open the desk: first send what an earlier page left, then claim, then show. */
  async start(): Promise<void> {
    this.attend()
    await this.begin()
  }

  /** Also after a failed beginning. */
  async begin(): Promise<void> {
    try {
      this.set({ phase: 'opening', failure: '' })
      await this.outbox.start(await livingTabs())
      this.categories = new Map((await this.api.taxonomies()).map(({ id, categories }) => [id, categories]))
      if (this.query.frame !== null) this.extend([await this.api.frame(this.query.frame)])
      await this.claimMore()
      await this.takeUpHistory()
      this.showFirst()
    } catch (error) {
      this.set({ phase: 'failed', failure: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Leave: give back what is not done. What waits in the outbox stays in the journal. */
  close(): void {
    this.editor.commitDraft()
    this.stop.abort()
    clearTimeout(this.asking)
    this.outbox.close()
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
    if (image) void this.lookAhead()
    else this.waitForPicture(id)
    return true
  }

  recall(_: HistoryEntry, way: Way): void {
    this.recallOnce(() => this.takeBackLast(way))
  }

  recallEarlier(): void {
    this.recallOnce(() => this.undoEarlier())
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
    void this.claimMore().then(
      () => this.showFirst(),
      () => setTimeout(() => this.lookAgain(), LOOK_AGAIN_MS),
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

  carry(boxes: readonly LabelBox[]): void {
    const from = this.queue.current
    void this.nextOfDrive().then(
      (next) => {
        // Who has gone elsewhere meanwhile is not brought back.
        if (next !== null && this.queue.current === from && this.open(next)) this.editor.receive(boxes)
      },
      () => this.announce('The next frame could not be fetched; nothing was copied.'),
    )
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

  openGrid(): void {
    this.editor.commitDraft()
    this.showGrid(selectedBox(this.editor.state)?.category ?? this.query.category, this.query.drive)
  }

  openTrack(): void {
    this.editor.commitDraft()
    const track = selectedBox(this.editor.state)?.track
    const drive = queuedFrame(this.queue, this.queue.current)?.drive
    if (track && drive) this.showTrack(track, drive)
  }

  nearby(): readonly Ready[] {
    const near = [ahead(this.queue)[0], neighbour(this.queue, 1), neighbour(this.queue, -1)]
    return [...new Set(near)].flatMap((frame) => {
      const [labelled, image] = [frame && this.shown(frame.id), frame && this.images.peek(frame.id)]
      return labelled && image ? [{ labelled, image }] : []
    })
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

  /** What the server holds of a frame, after something that no operation of this desk did. */
  async reload(frame: number): Promise<void> {
    const detail = await this.api.frame(frame)
    this.outbox.base(frame, detail.version)
    this.rebase(frame, labelledOf(detail))
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
    const claim = await this.api.claim(claimFor(this.query, this.queue, CLAIM_COUNT))
    this.extend(claim.frames)
    // What is finished here but not sent yet still waits there.
    const unsent = this.queue.frames.filter(({ id, status }) => status === 'done' && this.outbox.stepsOf(id).length > 0)
    this.set({ total: claim.remaining + this.store.getState().finished - unsent.length })
  }

  /** The frame after the shown one on its drive, in the list by now; null, and told, where there is none to work on. */
  private async nextOfDrive(): Promise<number | null> {
    const next = queuedFrame(this.queue, this.queue.current)?.next ?? null
    if (next === null) this.announce('This is the last frame of the drive.')
    if (next === null || queuedFrame(this.queue, next)) return next
    const detail = await this.api.frame(next)
    if (detail.lease && !detail.lease.mine) {
      this.announce(`${detail.lease.user.name} has the next frame; nothing was copied.`)
      return null
    }
    if (queuedFrame(this.queue, next)) return next
    this.outbox.base(next, detail.version)
    this.set({ queue: inserted(this.queue, queuedOf(detail)) })
    return next
  }

  private extend(frames: readonly FrameDetail[]): void {
    const queued = frames.map(queuedOf)
    for (const { id, confirmed } of queued) this.outbox.base(id, confirmed.frame.version)
    this.set({ queue: extended(this.queue, queued) })
  }

  /** Once a sitting: what this person did before the page was loaded. Without it there is only less to undo. */
  private async takeUpHistory(): Promise<void> {
    if (this.historyKnown) return
    const operations = await this.api.recentOperations().catch(() => [])
    this.historyKnown = true
    this.editor.history.recall(historyOf(operations))
  }

  /** One at a time: a second key while the first is still fetching does nothing. */
  private recallOnce(work: () => Promise<void>): void {
    this.recalling ??= work()
      .catch(() => this.announce('The frame could not be fetched; nothing was undone.'))
      .finally(() => {
        this.recalling = null
      })
  }

  /** What waits must be the server's first: of the rest it cannot tell. */
  private async undoEarlier(): Promise<void> {
    await this.outbox.flush()
    const earlier = historyOf(await this.api.recentOperations(this.editor.history.before))
    const sent = earlier.filter(({ frame }) => this.outbox.stepsOf(frame).length === 0)
    this.editor.history.recall(sent)
    if (sent.length > 0) return this.takeBackLast('undo')
    this.announce('Nothing is left to undo of the last twelve hours.')
  }

  private takeBackLast(way: Way): Promise<void> {
    const entry = this.editor.history.newest(way)
    return entry?.move ? this.takeMoveBack(entry, way) : this.takeBackRecalled(way)
  }

  /** What waits must be the server's first: it compares what the boxes are. */
  private async takeMoveBack(entry: HistoryEntry, way: Way): Promise<void> {
    await this.outbox.flush()
    const { waiting } = this.outbox.store.getState()
    const back = waiting > 0 ? null : await takeMoveBack(this.tracks, entry).catch(() => null)
    if (back?.kind === 'done') await this.movedBack(entry, way, back)
    else if (back) {
      if (back.final) this.editor.history.resolve(entry, null)
      this.announce(`“${back.title}” cannot be undone: ${back.reason}`)
    } else this.announce('The server cannot be reached; nothing was undone.')
  }

  /** Every frame at hand on which a box changed its track is the server's anew, and the first of them is shown. */
  private async movedBack(entry: HistoryEntry, way: Way, { title, move }: MovedBack & { kind: 'done' }): Promise<void> {
    this.editor.history.exchange(entry, way, { ...entry, title, move })
    const there = await this.fetched(entry.frame).catch(() => false)
    const known = move.frames.filter((frame) => queuedFrame(this.queue, frame))
    await Promise.all(known.map((frame) => this.reload(frame).catch(() => null)))
    if (there && this.open(entry.frame)) this.editor.select(entry.selected)
    this.announce(way === 'undo' ? `Undone: ${title}` : `Redone: ${title}`)
  }

  /** All that one key did; of several frames the last one is shown, and those that others changed since stay as they are. */
  private async takeBackRecalled(way: Way): Promise<void> {
    const { history } = this.editor
    const entries = history.together(way)
    const title = entries[0]?.title ?? ''
    const atHand = entries.map(({ frame }) => queuedFrame(this.queue, frame) !== null)
    const known = await Promise.all(entries.map(({ frame }) => this.fetched(frame)))
    let stayed: { readonly by: string | null } | null = null
    for (const [place, entry] of entries.entries()) {
      const frame = known[place] ? this.shown(entry.frame) : null
      const recalled = entry.recalled ?? (atHand[place] ? null : entry.steps.map(rememberedOf))
      const steps = recalled ? frame && stepsRecalled(frame, recalled) : entry.steps
      history.resolve(entry, steps)
      if (steps) this.takeBackOne(entry.frame, way, place === entries.length - 1)
      else stayed = { by: frame && changedBy(recalled ?? []) }
      if (!steps && frame && entries.length === 1) this.open(entry.frame)
    }
    if (!stayed) return
    if (entries.length > 1) this.announce(`“${title}” cannot be undone everywhere: somebody else changed it since`)
    else if (stayed.by === null) this.announce(`“${title}” cannot be undone: its frame is gone`)
    else this.announce(`“${title}” cannot be undone: ${stayed.by} changed it since`)
  }

  private takeBackOne(frame: number, way: Way, show: boolean): void {
    if (show) this.editor.takeBackNewest(way)
    else this.editor.takeBackUnseen(way)
    const shown = this.shown(frame)
    if (shown) this.editor.rebase(shown)
  }

  /** Have a frame of earlier in the list; false when it is there for nobody, or for others alone. */
  private async fetched(id: number): Promise<boolean> {
    if (queuedFrame(this.queue, id)) return true
    try {
      const detail = await this.api.frame(id)
      this.outbox.base(id, detail.version)
      this.set({ queue: inserted(this.queue, queuedOf(detail)) })
      return true
    } catch (error) {
      if (isApiError(error) && [403, 404].includes(error.status)) return false
      throw error
    }
  }

  private showFirst(): void {
    const first = queuedFrame(this.queue, this.queue.current === null ? this.query.frame : null) ?? ahead(this.queue)[0]
    if (first) this.open(first.id)
    else {
      this.set({ phase: 'empty' })
      clearTimeout(this.asking)
      this.asking = setTimeout(() => void this.askAgain(), ASK_AGAIN_MS)
    }
  }

  /** At an empty desk: whether there is something by now. In silence where there is not; the page does not move. */
  private async askAgain(): Promise<void> {
    if (this.store.getState().phase !== 'empty' || this.stop.signal.aborted) return
    await this.claimMore().catch(() => null)
    if (this.store.getState().phase === 'empty' && !this.stop.signal.aborted) this.showFirst()
  }

  /** Have the next frames claimed and their pictures decoded before they are asked for. */
  private async lookAhead(): Promise<void> {
    const behind = outgrown(this.queue)
    this.set({ queue: without(this.queue, behind) })
    this.outbox.forget(behind)
    if (ahead(this.queue).length < CLAIM_BELOW) await this.claimMore().catch(() => null)
    await this.images.prefetch(
      ahead(this.queue)
        .slice(0, PREFETCHED)
        .map((frame) => frame.id),
      () => this.editor.rehearse(),
    )
  }

  private waitForPicture(id: number): void {
    const picture = this.bringPicture(id)
    behind(picture)
    void picture.then(() => this.lookAhead())
  }

  private async bringPicture(id: number): Promise<void> {
    const current = (): boolean => this.queue.current === id && !this.stop.signal.aborted
    const show = (image: ImageBitmap, preview: boolean): void => {
      if (current()) this.editor.showImage(image, { preview })
    }
    const came = await this.images.bring(id, show)
    if (current()) this.set({ pictureMissing: !came })
  }

  private mark(id: number, status: 'open' | 'done' | 'skipped', finished: number): void {
    const { queue, finished: before } = this.store.getState()
    this.set({ queue: changed(queue, id, { status }), finished: Math.max(0, before + finished) })
  }

  // Leases and the network

  private attend(): void {
    const forget = rememberPreferences(this.editor, this.owner)
    this.stop.signal.addEventListener('abort', forget)
    this.editor.set({ keys: keyStore.getState().keys })
    this.stop.signal.addEventListener(
      'abort',
      keyStore.subscribe(({ keys }) => this.editor.set({ keys })),
    )
    const present = {
      openFrames: () => this.queue.frames.filter(({ status }) => status === 'open').map(({ id }) => id),
      idleMs: () => this.editor.stopwatch.idleMs,
      at: () => this.queue.current,
      others: (others: readonly Present[]) => this.set({ others }),
      lost: (frames: readonly number[]) => this.set({ queue: without(this.queue, new Set(frames)) }),
      reconnect: () => void this.reconnect(),
    }
    keepPresence(this.api, this.outbox, present, this.tab, this.stop.signal)
  }

  private async reconnect(): Promise<void> {
    await this.outbox.flush()
    const { phase, pictureMissing } = this.store.getState()
    if (phase === 'failed') return this.begin()
    if (phase === 'looking') return this.lookAgain()
    if (phase === 'empty') return this.askAgain()
    if (pictureMissing && this.queue.current !== null) void this.bringPicture(this.queue.current)
    await this.lookAhead()
  }

  private lookAgain(): void {
    if (this.store.getState().phase === 'looking' && !this.stop.signal.aborted) this.advance()
  }

  private get queue(): Queue {
    return this.store.getState().queue
  }

  private set(change: Partial<DeskState>): void {
    this.store.setState(change)
  }
}
