/**
 * One person's pass over the tracks of a drive: a track is decided by one key, shown decided at once, and sent behind the person's back.
 *
 * The editor shows one frame of the film; what is moved there becomes a key frame. Undo goes over the whole sitting.
 */

import { createStore } from 'zustand/vanilla'
import type { Film, Taxonomy, TrackBrief, TrackDecision, TrackFrame } from '../../../api/types'
import { Editor } from '../../../editor/editor'
import type { Box } from '../../../editor/math/box'
import type { LabelCategory, LabelledFrame } from '../../../editor/scene/label'
import type { Step } from '../../../editor/scene/operations'
import { uuid } from '../../../editor/uuid'
import type { Journal } from '../saving/journal'
import { BitmapRing, type FramePictures } from '../session/images'
import { livingTabs } from '../session/tabs'
import { type Earlier, lastDecision } from './earlier'
import {
  boxesChanged,
  boxOn,
  expectedOn,
  type Keys,
  mergeableWith,
  openIn,
  riskiest,
  type Settling,
  settled,
  shapeByKeys,
  versionsOf,
  wire,
} from './film'
import { carried, carry, Sender, type Sent, type TrackEntry, type Versions } from './sender'
import { silentHost } from './silentHost'
import type { TrackAnswer, TrackApi } from './trackApi'

export interface TrackState {
  readonly phase: 'opening' | 'ready' | 'empty' | 'failed'
  readonly tracks: readonly TrackBrief[]
  readonly film: Film | null
  /** Position in the film. */
  readonly at: number
  readonly keys: Keys
  readonly saving: 'saved' | 'saving' | 'offline' | 'signed-out'
  readonly waiting: number
  /** False when the browser keeps nothing: closing the page would lose what waits. */
  readonly journalled: boolean
  readonly trouble: string
  /** Said to a screen reader. */
  readonly said: string
  /** Boxes decided in this sitting. */
  readonly decided: number
}

type Done = { readonly id: string; readonly track: number; readonly versions: Versions; readonly boxes: number }
type Wanted = Omit<TrackDecision, 'versions' | 'id'>

export type TrackDesk = Pick<TrackApi, 'tracks' | 'film' | 'decide' | 'recent'> &
  FramePictures & { taxonomies(): Promise<Taxonomy[]> }

const NO_KEYS: Keys = new Map()
const OPENING: TrackState = {
  phase: 'opening',
  tracks: [],
  film: null,
  at: 0,
  keys: NO_KEYS,
  saving: 'saved',
  waiting: 0,
  journalled: true,
  trouble: '',
  said: '',
  decided: 0,
}

export class TrackSession {
  readonly store = createStore<TrackState>(() => OPENING)
  readonly editor = new Editor(silentHost((frame, steps) => this.moved(frame, steps)))
  readonly sender: Sender
  readonly tab = uuid()
  private readonly api: TrackDesk
  private readonly drive: number
  private readonly images: BitmapRing
  private categories = new Map<number, readonly LabelCategory[]>()
  private readonly films = new Map<number, Film>()
  /** Key frames that are not sent yet stay with their track. */
  private readonly keysOf = new Map<number, Keys>()
  private done: Done[] = []
  private undone: Done[] = []
  /** With nothing left here, the server is asked for what was decided before this operation; null = for its newest. */
  private before: string | null = null
  private recalling: Promise<Earlier> | null = null
  private closed = false

  constructor(api: TrackDesk, journal: Journal<TrackEntry>, drive: number, owner: string) {
    this.api = api
    this.drive = drive
    this.images = new BitmapRing(api)
    const answered = (sent: Sent, answer: TrackAnswer): void => void this.answered(sent, answer)
    this.sender = new Sender(api, journal, answered, { owner, tab: this.tab })
  }

  /** First send what an earlier page left, then show. */
  async start(track: number | null): Promise<void> {
    try {
      this.set({ phase: 'opening' })
      await this.sender.start(await livingTabs())
      this.set({ trouble: this.sender.refusals.join(' ') })
      this.categories = new Map((await this.api.taxonomies()).map(({ id, categories }) => [id, categories]))
      const tracks = await this.api.tracks(this.drive)
      this.set({ tracks })
      const first = track ?? tracks[0]?.id
      if (first === undefined) this.set({ phase: 'empty' })
      else await this.open(first)
    } catch (error) {
      this.set({ phase: 'failed', trouble: error instanceof Error ? error.message : String(error) })
    }
  }

  close(): void {
    this.closed = true
    this.sender.close()
    this.images.close()
  }

  // Where one is

  async open(track: number): Promise<void> {
    const film = this.films.get(track) ?? (await this.load(track))
    if (this.closed) return
    const worst = riskiest(film)
    this.set({ phase: 'ready', film, at: worst, keys: this.keysOf.get(track) ?? NO_KEYS })
    this.show()
    const next = this.neighbour(1)
    if (next !== null && !this.films.has(next)) void this.load(next).catch(() => null)
  }

  /** The next or previous track of the list that still waits. */
  step(direction: 1 | -1): void {
    const next = this.neighbour(direction)
    if (next !== null) void this.open(next).catch((error) => this.set({ trouble: String(error) }))
  }

  go(at: number): void {
    const last = (this.state.film?.frames.length ?? 1) - 1
    this.editor.commitDraft()
    this.set({ at: Math.min(Math.max(at, 0), last) })
    this.show()
  }

  goToKey(direction: 1 | -1): void {
    const { film, at, keys } = this.state
    const places = (film?.frames ?? []).flatMap(({ id }, place) => (keys.has(id) ? [place] : []))
    const next = direction === 1 ? places.find((place) => place > at) : places.findLast((place) => place < at)
    if (next !== undefined) this.go(next)
  }

  get frame(): TrackFrame | null {
    return this.state.film?.frames[this.state.at] ?? null
  }

  get taxonomy(): readonly LabelCategory[] {
    return this.categories.get(this.state.film?.taxonomy ?? 0) ?? []
  }

  /** Where the track is on a frame as the person sees it; where it has no box yet, where it should be. */
  shapeOn(frame: TrackFrame): Box | null {
    const { film, keys } = this.state
    if (!film) return null
    return shapeByKeys(film, keys, frame) ?? boxOn(frame) ?? expectedOn(film, frame)
  }

  // Key frames

  toggleKey(): boolean {
    const frame = this.frame
    const shape = frame && this.shapeOn(frame)
    if (!frame || !shape) return false
    const { x, y, width, height } = shape
    const keys = new Map(this.state.keys)
    if (!keys.delete(frame.id)) keys.set(frame.id, { x, y, width, height })
    this.setKeys(keys)
    return true
  }

  private moved(id: number, steps: readonly Step[]): void {
    for (const { operation } of steps)
      if (operation.kind === 'reshape') {
        const { x, y, width, height } = operation
        this.setKeys(new Map(this.state.keys).set(id, { x, y, width, height }))
      }
  }

  private setKeys(keys: Keys): void {
    const { film } = this.state
    if (film) this.keysOf.set(film.id, keys)
    this.set({ keys })
    this.show()
  }

  // Decisions. Each says how many boxes it settles; 0 where there is nothing to do.

  /** Right as it is; with key frames set, right as they say. */
  accept(): number {
    this.editor.commitDraft()
    const { keys } = this.state
    return keys.size > 0 ? this.settle({ kind: 'reshape', keys }) : this.settle({ kind: 'accept' })
  }

  reject = (): number => this.settle({ kind: 'reject' })
  relabel = (category: number): number => this.settle({ kind: 'relabel', category })

  private settle(decision: Settling): number {
    const { film } = this.state
    if (!film) return 0
    const after = settled(film, decision)
    const drawn =
      decision.kind === 'reshape' ? film.frames.filter((f) => !boxOn(f) && shapeByKeys(film, decision.keys, f)) : []
    const boxes = boxesChanged(film, after) + drawn.length
    if (boxes === 0) return 0
    this.send(film, wire(decision), versionsOf(film), boxes)
    if (decision.kind === 'reshape') this.keysOf.delete(film.id)
    this.showFilm(after)
    if (openIn(after) === 0) this.step(1)
    return boxes
  }

  split(): boolean {
    const { film, at } = this.state
    const frame = film?.frames[at]
    const before = film?.frames.slice(0, at).some(({ boxes }) => boxes.length > 0)
    if (!film || !frame || !before) return false
    this.send(film, { kind: 'split', frame: frame.id }, versionsOf(film), 0)
    return true
  }

  async merge(other: number): Promise<void> {
    const { film } = this.state
    if (!film) return
    const theirs = this.films.get(other) ?? (await this.load(other))
    this.send(film, { kind: 'merge', other }, new Map([...versionsOf(theirs), ...versionsOf(film)]), 0)
  }

  /** Tracks that may be the same object. */
  mergeable = (): TrackBrief[] => mergeableWith(this.state.film, this.state.tracks)

  undo(): boolean {
    if (this.state.keys.size > 0) {
      this.setKeys(new Map([...this.state.keys].slice(0, -1)))
      return true
    }
    return this.takeBack(this.done, this.undone)
  }

  /** Take back what was decided on an earlier page: the server remembers it. */
  undoEarlier(): Promise<Earlier> {
    this.recalling ??= this.recall()
      .catch((): Earlier => 'unreached')
      .finally(() => {
        this.recalling = null
      })
    return this.recalling
  }

  /** What waits must be the server's first: of the rest it cannot tell. */
  private async recall(): Promise<Earlier> {
    await this.sender.flush()
    if (this.sender.waiting.length > 0) return 'unreached'
    const last = lastDecision(await this.api.recent(this.drive, this.before))
    const track = last?.tracks[0]
    if (!last || track === undefined) return 'nothingEarlier'
    const films = await Promise.all(last.tracks.map((id) => this.load(id)))
    this.before = last.oldest
    const versions: Versions = new Map(films.flatMap((film) => [...versionsOf(film)]))
    this.done.push({ id: last.id, track, versions, boxes: 0 })
    this.takeBack(this.done, this.undone)
    return 'undone'
  }

  redo = (): boolean => this.takeBack(this.undone, this.done)

  /** An undo's undo is the redo, so both are one move. */
  private takeBack(from: Done[], to: Done[]): boolean {
    const last = from.pop()
    if (!last) return false
    const id = uuid()
    to.push({ ...last, id })
    this.set({ decided: this.state.decided + (from === this.done ? -last.boxes : last.boxes) })
    this.sender.add({
      drive: this.drive,
      track: last.track,
      decision: { id, kind: 'undo', operation: last.id, device: 'film' },
      versions: last.versions,
    })
    this.saving('saving')
    return true
  }

  private send(film: Film, wanted: Wanted, versions: Versions, boxes: number): void {
    const id = uuid()
    this.done.push({ id, track: film.id, versions, boxes })
    this.undone = []
    const seconds = this.editor.stopwatch.lap()
    this.set({ decided: this.state.decided + boxes, trouble: '' })
    this.sender.dismiss()
    this.sender.add({
      drive: this.drive,
      track: film.id,
      decision: { ...wanted, id, seconds, device: 'film' },
      versions,
    })
    this.saving('saving')
  }

  // What the server says

  private async answered(sent: Sent, answer: TrackAnswer): Promise<void> {
    if (answer.kind === 'unreachable') return this.saving('offline')
    if (answer.kind === 'signed-out') return this.saving('signed-out')
    if (answer.kind === 'written') this.take(sent, answer)
    else await this.refused(sent)
    this.saving(this.sender.waiting.length > 0 ? 'saving' : 'saved')
  }

  private take(sent: Sent, written: Extract<TrackAnswer, { kind: 'written' }>): void {
    if (sent.drive !== this.drive) return
    const { kind } = sent.decision
    const { films } = written
    const before = new Map(sent.versions)
    for (const { versions } of [...this.done, ...this.undone]) carry(versions, before, written)
    for (const [id, film] of this.films) this.films.set(id, carried(film, before, written))
    const busy = new Set(this.sender.waiting.map(({ track }) => track))
    for (const film of films) if (!busy.has(film.id)) this.films.set(film.id, film)
    const shown = this.films.get(this.state.film?.id ?? 0)
    const moved = kind === 'undo' || kind === 'split' || kind === 'merge'
    if (shown) this.showFilm(shown)
    if (moved) void this.relist().then(() => (kind === 'undo' ? this.open(sent.track) : null))
    else this.set({ tracks: this.state.tracks.map((each) => ({ ...each, open: this.openOf(each) })) })
  }

  private async refused(sent: Sent): Promise<void> {
    this.done = this.done.filter(({ id }) => id !== sent.decision.id)
    this.undone = this.undone.filter(({ id }) => id !== sent.decision.id)
    this.films.delete(sent.track)
    this.set({ trouble: this.sender.refusals.at(-1) ?? '' })
    if (sent.drive === this.drive && this.state.phase !== 'opening') await this.open(sent.track).catch(() => null)
  }

  private async relist(): Promise<void> {
    this.set({ tracks: await this.api.tracks(this.drive).catch(() => this.state.tracks) })
  }

  private async load(track: number): Promise<Film> {
    const film = await this.api.film(track)
    this.films.set(track, film)
    return film
  }

  private neighbour(direction: 1 | -1): number | null {
    const { tracks, film } = this.state
    const at = tracks.findIndex(({ id }) => id === film?.id)
    const open = (each: TrackBrief): boolean => this.openOf(each) > 0 && each.id !== film?.id
    const [before, after] = [tracks.slice(0, Math.max(at, 0)), tracks.slice(at + 1)]
    const found = direction === 1 ? (after.find(open) ?? before.find(open)) : before.findLast(open)
    return found?.id ?? null
  }

  openOf(brief: TrackBrief): number {
    const film = brief.id === this.state.film?.id ? this.state.film : this.films.get(brief.id)
    return film ? openIn(film) : brief.open
  }

  private showFilm(film: Film): void {
    this.films.set(film.id, film)
    if (film.id !== this.state.film?.id) return
    const at = Math.min(this.state.at, Math.max(0, film.frames.length - 1))
    this.set({ film, at, keys: this.keysOf.get(film.id) ?? NO_KEYS })
    this.show()
  }

  /** The frame in the middle, with the track's box alone on it. */
  private show(): void {
    const frame = this.frame
    if (!frame) return
    const labelled = this.labelled(frame)
    const { state } = this.editor
    if (state.labelled?.frame.id === frame.id) {
      this.editor.set({ labelled })
      return
    }
    const image = this.images.get(frame.id)
    this.editor.load(labelled, image, this.taxonomy)
    this.editor.select(labelled.boxes[0]?.client_id ?? null)
    if (!image) void this.images.bring(frame.id, (came, preview) => this.came(frame.id, came, preview))
    const { film, at } = this.state
    const near = film?.frames.slice(at + 1, at + 4).map(({ id }) => id) ?? []
    void this.images.prefetch(near)
  }

  private came(frame: number, image: ImageBitmap, preview: boolean): void {
    if (!this.closed && this.frame?.id === frame) this.editor.showImage(image, { preview })
  }

  private labelled(frame: TrackFrame): LabelledFrame {
    const box = boxOn(frame)
    const shape = this.shapeOn(frame)
    const boxes = box && shape ? [{ ...box, x: shape.x, y: shape.y, width: shape.width, height: shape.height }] : []
    return { frame, boxes }
  }

  private saving(saving: TrackState['saving']): void {
    this.set({ saving, waiting: this.sender.waiting.length, journalled: this.sender.journalled })
  }

  say(said: string): void {
    this.set({ said })
  }

  private get state(): TrackState {
    return this.store.getState()
  }

  private set(change: Partial<TrackState>): void {
    if (!this.closed) this.store.setState(change)
  }
}
