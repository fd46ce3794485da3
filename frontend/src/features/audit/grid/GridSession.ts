/**
 * One person's pass over the crops of a category: decisions go to the outbox frame by frame, undo goes over all of them.
 *
 * Shown = confirmed by the server + what the outbox still holds. Writing borrows the frame; leaving gives back what was borrowed.
 */

import { createStore } from 'zustand/vanilla'
import { isApiError } from '../../../api/client'
import type { Crop, FrameDetail, RecentOperation } from '../../../api/types'
import { acceptance, rejection, relabelling } from '../../../editor/scene/decisions'
import { isOpen, type LabelBox, type LabelledFrame } from '../../../editor/scene/label'
import {
  type Change,
  inverseOf,
  type Operation,
  replayed,
  type Step,
  stepOf,
  stillNeeded,
  withBox,
} from '../../../editor/scene/operations'
import { uuid } from '../../../editor/uuid'
import type { Journal } from '../saving/journal'
import { Outbox } from '../saving/outbox'
import type { Conflict } from '../saving/outboxState'
import type { Answer } from '../saving/transport'
import type { DeskApi } from '../session/deskApi'
import { AWAY_AFTER_MS } from '../session/presence'
import { stepsRecalled } from '../session/recall'
import { recalledOf } from '../session/recalled'
import { livingTabs } from '../session/tabs'
import { labelledOf } from '../session/wire'
import { cropsOf, GridHistory, lastGesture, type Recorded } from './history'
import { keepGridPresence } from './presence'

export type GridApi = Pick<DeskApi, 'send' | 'frame' | 'release' | 'heartbeat' | 'recentOperations'>

/** What became of an undo that asked the server: `count` is of the decisions that could not be taken back. */
export type Earlier =
  | { readonly kind: 'undone' | 'nothing' | 'unreached' }
  | { readonly kind: 'partly' | 'changed'; readonly count: number }

export interface GridState {
  readonly crops: readonly Crop[]
  /** Position of the crop that keys act on. */
  readonly at: number
  /** Frames as the server confirmed them, as far as their crops are here. */
  readonly frames: ReadonlyMap<number, LabelledFrame>
  /** The same frames as the person sees them. Kept apart: between an answer and its boxes the outbox has neither. */
  readonly shown: ReadonlyMap<number, LabelledFrame>
  /** Said to a screen reader. */
  readonly said: string
}

const DEVICE = 'grid'

export class GridSession {
  readonly store = createStore<GridState>(() => ({ crops: [], at: 0, frames: new Map(), shown: new Map(), said: '' }))
  readonly outbox: Outbox
  private readonly api: GridApi
  private readonly tab = uuid()
  private readonly stop = new AbortController()
  private readonly history = new GridHistory()
  private recalling: Promise<Earlier> | null = null
  private readonly touched = new Set<number>()
  private usedAt = Date.now()

  readonly owner: string

  constructor(api: GridApi, journal: Journal, owner: string) {
    this.owner = owner
    this.api = api
    const events = { confirmed: this.confirmed, rebased: this.rebased }
    this.outbox = new Outbox(api, journal, events, { owner, tab: this.tab })
  }

  /** Send what an earlier page left; then the page may show crops. */
  async start(): Promise<void> {
    const present = { giveBack: () => this.giveBack(), beat: () => this.beat() }
    keepGridPresence(this.outbox, present, this.tab, this.stop.signal)
    await this.outbox.start(await livingTabs())
  }

  close(): void {
    this.stop.abort()
    this.outbox.close()
  }

  /** Another list; the history stays, so that undo reaches what is no longer shown. */
  show(crops: readonly Crop[]): void {
    const frames = this.framesInUse()
    for (const { frame, box } of crops) {
      const known = frames.get(frame.id)
      const newer = !known || frame.version > known.frame.version
      const boxes = withBox(known?.boxes ?? [], box)
      if (newer) frames.set(frame.id, { frame, boxes })
      else if (!known.boxes.some(({ client_id }) => client_id === box.client_id))
        frames.set(frame.id, { ...known, boxes })
      this.outbox.base(frame.id, frame.version)
    }
    const shown = new Map([...frames].map(([id, frame]) => [id, this.withMine(frame)]))
    this.store.setState({ crops, frames, shown, at: 0 })
  }

  select(at: number): void {
    this.usedAt = Date.now()
    this.store.setState({ at: Math.min(Math.max(at, 0), Math.max(0, this.state.crops.length - 1)) })
  }

  /** The box of a crop as the person sees it now. */
  boxOf(crop: Crop): LabelBox {
    const frame = this.state.shown.get(crop.frame.id)
    return frame?.boxes.find(({ client_id }) => client_id === crop.box.client_id) ?? crop.box
  }

  accept = (crop: Crop): number => this.decide([crop], acceptance)
  reject = (crop: Crop): number => this.decide([crop], rejection)
  relabel = (crop: Crop, category: number): number => this.decide([crop], (box) => relabelling(box, category))

  /** Accept every crop that still waits and is in nobody's way; how many that were. */
  acceptRest = (): number => this.decide(this.rest(), acceptance)

  /** The crops that still wait and are in nobody's way. */
  rest(): Crop[] {
    const blocked = new Set(this.outbox.store.getState().conflicts.map(({ frame }) => frame))
    return this.state.crops.filter((crop) => isOpen(this.boxOf(crop)) && !blocked.has(crop.frame.id))
  }

  /** Take back what the last key did, wherever it was; the crop it began with is selected again. */
  undo(): boolean {
    const group = this.history.pop()
    const first = group?.[0]
    if (!group || !first) return false
    for (const { frame, step } of [...group].reverse()) this.send(frame, [inverseOf(step, { id: uuid() })])
    const at = this.state.crops.findIndex(({ box }) => box.client_id === first.step.before?.client_id)
    if (at >= 0) this.select(at)
    return true
  }

  /** Take back what a key did before all that is kept here: on an earlier page, or long ago. Its crops come back, first in the list. */
  undoEarlier(): Promise<Earlier> {
    this.recalling ??= this.recall()
      .catch((): Earlier => ({ kind: 'unreached' }))
      .finally(() => {
        this.recalling = null
      })
    return this.recalling
  }

  /** After a conflict: mine again on top of what is there, or theirs as it is. */
  async settle(frame: number, choice: 'mine' | 'theirs'): Promise<void> {
    const conflict = this.outbox.store.getState().conflicts.find((each) => each.frame === frame)
    const mine = this.outbox.stepsOf(frame)
    const needed = new Set(choice === 'mine' ? (conflict?.current ? stillNeeded(conflict.current, mine) : mine) : [])
    this.forget(mine.filter((step) => !needed.has(step)).map(({ operation }) => operation.id))
    await this.outbox.settle(frame, choice)
    // The crop itself shows theirs now: there is no list beside it in which to look at what was given up.
    const dropped = this.outbox.store.getState().setAside.filter((entry) => entry.frame === frame)
    await this.outbox.dismiss(dropped.filter(({ status }) => status === 'dropped').map(({ id }) => id))
  }

  /** The conflict that keeps a decision on this crop from being saved. */
  conflictOf(crop: Crop): Conflict | null {
    const conflict = this.outbox.store.getState().conflicts.find(({ frame }) => frame === crop.frame.id)
    const mine = this.outbox.stepsOf(crop.frame.id).some(({ before }) => before?.client_id === crop.box.client_id)
    return (mine && conflict) || null
  }

  /** Why the last decision on this crop was refused; null where it was not. */
  refusalOf(crop: Crop): { id: string; reason: string } | null {
    const entry = this.outbox.store.getState().setAside.find(({ step, frame }) => {
      return frame === crop.frame.id && step.before?.client_id === crop.box.client_id
    })
    return entry ? { id: entry.id, reason: entry.reason } : null
  }

  say(said: string): void {
    this.store.setState({ said })
  }

  private get state(): GridState {
    return this.store.getState()
  }

  private withMine(confirmed: LabelledFrame): LabelledFrame {
    return replayed(confirmed, this.outbox.stepsOf(confirmed.frame.id))
  }

  private decide(crops: readonly Crop[], changes: (box: LabelBox) => Change[]): number {
    const gesture = uuid()
    const group = crops.flatMap((crop) => this.stepsFor(crop, changes(this.boxOf(crop)), gesture))
    if (group.length === 0) return 0
    this.history.push(group)
    for (const frame of new Set(group.map((each) => each.frame)))
      this.send(
        frame,
        group.filter((each) => each.frame === frame).map(({ step }) => step),
      )
    return crops.length
  }

  private stepsFor(crop: Crop, changes: readonly Change[], gesture: string): Recorded[] {
    const found: Recorded[] = []
    let frame = this.state.shown.get(crop.frame.id)
    for (const change of changes) {
      if (!frame) break
      const step = stepOf(frame, { ...change, id: uuid(), device: DEVICE, gesture } as Operation)
      found.push({ frame: crop.frame.id, step })
      frame = replayed(frame, [step])
    }
    return found
  }

  private send(frame: number, steps: readonly Step[]): void {
    const confirmed = this.state.frames.get(frame)
    if (!confirmed) return
    this.usedAt = Date.now()
    this.touched.add(frame)
    this.outbox.add(frame, confirmed.frame.version, steps)
    this.take(confirmed)
  }

  private confirmed = (id: number, answer: Extract<Answer, { kind: 'confirmed' }>): void => {
    const known = this.state.frames.get(id)
    if (!known) return
    const boxes = answer.boxes.reduce<readonly LabelBox[]>(withBox, known.boxes)
    this.take({ frame: { ...known.frame, version: answer.version, state: answer.state }, boxes })
  }

  /** After a refusal nobody has said what the server holds: ask. What was refused cannot be undone either. */
  private rebased = (id: number, current: LabelledFrame | null): void => {
    if (current) this.take(current)
    else {
      this.forget(this.outbox.store.getState().setAside.map((entry) => entry.id))
      void this.api
        .frame(id)
        .then((detail) => this.take(labelledOf(detail)))
        .catch(() => null)
    }
  }

  private take(confirmed: LabelledFrame): void {
    const { id } = confirmed.frame
    const { frames, shown } = this.state
    this.store.setState({
      frames: new Map(frames).set(id, confirmed),
      shown: new Map(shown).set(id, this.withMine(confirmed)),
    })
  }

  private forget(ids: readonly string[]): void {
    this.history.forget(ids)
  }

  /** Of the frames that are known here, those whose crops are shown or that undo may come back to. */
  private framesInUse(): Map<number, LabelledFrame> {
    const inUse = new Set([...this.history.frames, ...this.state.crops.map(({ frame }) => frame.id)])
    const used = ([id]: [number, LabelledFrame]): boolean => inUse.has(id) || this.outbox.stepsOf(id).length > 0
    return new Map([...this.state.frames].filter(used))
  }

  /** What waits must be the server's first: of the rest it cannot tell. */
  private async recall(): Promise<Earlier> {
    await this.outbox.flush()
    const gesture = lastGesture(await this.api.recentOperations(this.history.before, DEVICE))
    const [first] = [...gesture.values()].flat()
    if (!first) return { kind: 'nothing' }
    const frames = await Promise.all([...gesture].map(async ([id, made]) => ({ made, detail: await this.frameOf(id) })))
    const back = frames.map(({ made, detail }) => (detail && this.takeBack(detail, made)) ?? null)
    const count = frames.reduce((sum, { made }, index) => sum + (back[index] ? 0 : made.length), 0)
    this.history.before = first.id
    this.bringBack(back.flatMap((crops) => crops ?? []))
    if (count === 0) return { kind: 'undone' }
    return { kind: back.some((crops) => crops !== null) ? 'partly' : 'changed', count }
  }

  /** A frame as it is now; null when it is gone. */
  private frameOf(id: number): Promise<FrameDetail | null> {
    return this.api.frame(id).catch((error) => {
      if (isApiError(error) && [403, 404].includes(error.status)) return null
      throw error
    })
  }

  /** The crops that are to be decided again; null when something is no longer as it was left. */
  private takeBack(detail: FrameDetail, made: readonly RecentOperation[]): Crop[] | null {
    const confirmed = labelledOf(detail)
    const steps = stepsRecalled(this.withMine(confirmed), made.map(recalledOf))
    if (!steps) return null
    this.outbox.base(detail.id, detail.version)
    this.take(confirmed)
    this.send(
      detail.id,
      [...steps].reverse().map((step) => inverseOf(step, { id: uuid(), device: DEVICE })),
    )
    return cropsOf(detail, new Set(steps.flatMap(({ before }) => before?.client_id ?? [])))
  }

  private bringBack(back: readonly Crop[]): void {
    const ids = new Set(back.map(({ box }) => box.client_id))
    const others = this.state.crops.filter(({ box }) => !ids.has(box.client_id))
    if (back.length > 0) this.store.setState({ crops: [...back, ...others], at: 0 })
  }

  /** Keep what is borrowed while the person is here, and say where that is. What went to others is theirs. */
  private async beat(): Promise<void> {
    if (Date.now() - this.usedAt > AWAY_AFTER_MS) return
    const at = this.state.crops[this.state.at]?.frame.id ?? null
    const answer = await this.api.heartbeat([...this.touched], at, 'grid').catch(() => null)
    for (const frame of answer?.lost ?? []) if (this.outbox.stepsOf(frame).length === 0) this.touched.delete(frame)
  }

  /** Frames whose work is all saved; the others stay borrowed until they are sent. */
  private giveBack(): void {
    const done = [...this.touched].filter((frame) => this.outbox.stepsOf(frame).length === 0)
    for (const frame of done) this.touched.delete(frame)
    void this.api.release(done).catch(() => null)
  }
}
