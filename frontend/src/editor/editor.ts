/**
 * The editor: one immutable state, replaced by few verbs. It knows neither React nor HTTP.
 *
 * Commands and tools call it; layers and panels subscribe to it; what must outlive it (journal, queue) is its host's.
 */

import { History, type HistoryEntry, type Way } from './history'
import { STOCK_KEYS } from './keys/ownKeys'
import { type Box, likewise, type Size } from './math/box'
import { type Camera, fitted, zoomedAt, zoomedToBox } from './math/camera'
import { type ImagePoint, type ScreenPoint, screenPoint } from './math/point'
import { PaintTimer } from './paint'
import { carriedOnto } from './scene/carry'
import { isKept, titled } from './scene/decisions'
import { HitGrid } from './scene/grid'
import type { LabelBox, LabelCategory, LabelledFrame } from './scene/label'
import { type Change, inverseOf, type Operation, replayed, type Step, stepOf } from './scene/operations'
import { byPriority, inOrderOf, nextOpen, openBoxes } from './scene/order'
import {
  besides,
  DEFAULT_PREFERENCES,
  type EditorState,
  hiddenOpenCount,
  type Preferences,
  selectedBox,
  selectedBoxes,
  shownBoxes,
} from './state'
import { Stopwatch } from './stopwatch'
import { Idle } from './tools/select/Idle'
import type { Pointer } from './tools/ToolState'
import { uuid } from './uuid'

/** A frame that could be shown at once. */
export interface Ready {
  readonly labelled: LabelledFrame
  readonly image: ImageBitmap
}

/** What the editor asks of the desk around it. */
export interface EditorHost {
  /** Journal the steps, then send them. */
  record(frame: number, steps: readonly Step[]): void
  /** Show another frame of this session, at once; false when it is not at hand. */
  open(frame: number): boolean
  /** Fetch the entry's frame and what it is now, then undo or redo it; say so where it can't be. */
  recall(entry: HistoryEntry, way: Way): void
  /** Ask the server for what was done before all that the page keeps, and undo the last of it; say so where there is none. */
  recallEarlier(): void
  /** Show the next or previous frame of the claimed list. */
  step(direction: 1 | -1): void
  /** Show the next frame that is not done. */
  advance(): void
  /** Give the frame back undecided and show the next. */
  skip(): void
  /** Show the next frame of the drive and put these boxes on it. */
  carry(boxes: readonly LabelBox[]): void
  saveNow(): void
  /** Move the keyboard's focus out of the stage, into the panels. */
  leaveStage(): void
  /** Leave for the grid of the selected box's category. */
  openGrid(): void
  /** Leave for the film of the selected box's track. */
  openTrack(): void
  /** The frames that one key would show, the likeliest first, of those whose pictures are at hand. */
  nearby(): readonly Ready[]
  /** Say it to a screen reader, and show it for a moment. */
  announce(message: string): void
}

const NOTHING_SAID = { pins: [], pinPoint: null, thread: null }

/** A nudge is committed when the person has stopped pressing arrows. */
const NUDGE_SETTLES_MS = 600

const ALONE: ReadonlySet<string> = new Set()

export class Editor {
  state: EditorState = {
    labelled: null,
    image: null,
    categories: [],
    selected: null,
    alongside: ALONE,
    draft: null,
    band: null,
    editing: false,
    tool: new Idle(),
    cursor: 'default',
    camera: { scale: 1, x: 0, y: 0 },
    view: { width: 1, height: 1 },
    category: null,
    dialog: null,
    keys: STOCK_KEYS,
    pins: [],
    pinPoint: null,
    thread: null,
    preferences: DEFAULT_PREFERENCES,
  }
  readonly history = new History()
  readonly stopwatch = new Stopwatch()
  readonly paint = new PaintTimer()
  readonly host: EditorHost
  /** Set by the stage: something that may be shown next is at hand. */
  rehearse: () => void = () => {}
  /** When the input that runs now happened. */
  inputAt = 0
  private swapSince = 0
  private readonly listeners = new Set<() => void>()
  private grid: { boxes: readonly LabelBox[]; index: HitGrid } | null = null
  private nudge: ReturnType<typeof setTimeout> | null = null

  constructor(host: EditorHost) {
    this.host = host
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  set(change: Partial<EditorState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }

  prefer(change: Partial<Preferences>): void {
    this.set({ preferences: { ...this.state.preferences, ...change } })
  }

  get frameSize(): Size {
    return this.state.labelled?.frame ?? { width: 1, height: 1 }
  }

  // Frames

  /** Show a frame, with its most urgent open box selected, of those that are shown. */
  load(labelled: LabelledFrame, image: ImageBitmap | null, categories: readonly LabelCategory[]): void {
    this.commitDraft()
    this.stopwatch.lap()
    this.swapSince = this.inputAt || performance.now()
    this.set({ ...this.loaded(labelled, image), categories })
    if (image) this.paint.begin('headway:swap', this.swapSince, { prefetched: true })
  }

  private loaded(labelled: LabelledFrame, image: ImageBitmap | null): EditorState {
    const boxes = byPriority(labelled.boxes)
    const cleared = {
      selected: null,
      alongside: ALONE,
      draft: null,
      band: null,
      editing: false,
      tool: new Idle(),
      cursor: 'default',
      ...NOTHING_SAID,
    }
    const next = { ...this.state, ...cleared, labelled: { ...labelled, boxes }, image }
    return this.asking(next, openBoxes(shownBoxes(next))[0]?.client_id ?? null)
  }

  /** What one key will most likely bring onto the stage: the next open box, then the frames nearby. */
  upcoming(): readonly EditorState[] {
    const next = nextOpen(shownBoxes(this.state), this.state.selected)
    const frames = this.host.nearby().map(({ labelled, image }) => this.loaded(labelled, image))
    return next ? [this.asking(this.state, next.client_id), ...frames] : frames
  }

  /** A picture of the shown frame has come after the frame: first perhaps a small one, then the whole. */
  showImage(image: ImageBitmap, { preview = false }: { preview?: boolean } = {}): void {
    this.paint.begin(preview ? 'headway:preview' : 'headway:swap', this.swapSince, { prefetched: false })
    this.set({ image })
  }

  /** The server's or the journal's word on the frame that is shown; what the person looks at stays. */
  rebase(labelled: LabelledFrame): void {
    const shown = this.state.labelled
    if (shown?.frame.id !== labelled.frame.id) return
    this.set({ labelled: { ...labelled, boxes: inOrderOf(shown.boxes, labelled.boxes) } })
  }

  // Changes

  /** Do something to the shown frame; it can be undone as one. */
  apply(title: string, changes: readonly Change[]): void {
    const { labelled, selected, alongside } = this.state
    if (!labelled || changes.length === 0) return
    this.commitDraft()
    const seconds = Math.round((this.stopwatch.lap() / changes.length) * 100) / 100
    const steps = this.stepsOf(changes, seconds)
    this.history.push({ frame: labelled.frame.id, title, selected, alongside, steps })
    this.record(steps)
    this.host.announce(title)
  }

  /** Decide boxes and go on: to the next open box, or, after the last one, to the next frame. Hidden boxes hold the frame. */
  decide(title: string, changes: readonly Change[]): void {
    this.commitDraft()
    const { labelled } = this.state
    if (!labelled || this.decidesBlindly()) return
    this.paint.begin('headway:decide', this.inputAt || performance.now())
    const after = replayed(labelled, this.stepsOf(changes, 0))
    if (openBoxes(after.boxes).length > 0) {
      this.apply(title, changes)
      const next = nextOpen(shownBoxes(this.state), this.state.selected)
      this.select(next?.client_id ?? null)
      if (!next) this.tellHidden(changes.length > 0 ? `${title}. ` : '')
      return
    }
    if (labelled.frame.state === 'audited') this.apply(title, changes)
    else
      this.apply(changes.length > 0 ? `${title}, frame finished` : 'Frame finished', [...changes, { kind: 'finish' }])
    this.host.advance()
  }

  /** Say how many boxes wait out of sight, and the way to them; nothing where none does. */
  tellHidden(first = ''): void {
    const count = hiddenOpenCount(this.state)
    if (count === 0) return
    const boxes = count === 1 ? '1 hidden box still waits' : `${count} hidden boxes still wait`
    this.host.announce(`${first}${boxes} for a decision. Shift+G shows all.`)
  }

  /** A decision on boxes that nobody sees is none: they are shown instead. */
  private decidesBlindly(): boolean {
    if (!this.state.preferences.boxesHidden || hiddenOpenCount(this.state) === 0) return false
    this.prefer({ boxesHidden: false })
    this.host.announce('The boxes were hidden; nothing was decided.')
    return true
  }

  /** Draw a box of the category last used. */
  create(box: Box): void {
    const category = this.state.category ?? selectedBox(this.state)?.category ?? this.state.categories[0]?.id
    if (category === undefined) return
    const created = uuid()
    const name = this.state.categories.find((one) => one.id === category)?.name ?? 'box'
    const { x, y, width, height } = box
    this.apply(`Drew ${name}`, [{ kind: 'create', box: created, category, x, y, width, height }])
    this.set({ selected: created, alongside: ALONE, category })
  }

  /** Put boxes of the frame before on this one, as one change, and select them. */
  receive(boxes: readonly LabelBox[]): void {
    const changes = carriedOnto(this.state.labelled?.boxes ?? [], boxes, this.frameSize)
    const [first, ...others] = changes.flatMap((change) => ('box' in change ? [change.box] : []))
    if (first === undefined) return
    this.apply(changes.length > 1 ? `Copied ${changes.length} boxes to this frame` : 'Copied to this frame', changes)
    this.select(first, { zoom: others.length === 0 })
    this.set({ alongside: new Set(others) })
  }

  undo(): void {
    this.commitDraft()
    const entry = this.history.undoable
    if (entry) this.takeBack(entry, 'undo')
    else this.host.recallEarlier()
  }

  redo(): void {
    const entry = this.history.redoable
    if (entry) this.takeBack(entry, 'redo')
  }

  private takeBack(entry: HistoryEntry, way: Way): void {
    if (entry.recalled || entry.gesture || !this.reached(entry.frame)) this.host.recall(entry, way)
    else this.takeBackNewest(way)
  }

  private reached(frame: number): boolean {
    return this.state.labelled?.frame.id === frame || this.host.open(frame)
  }

  /** The newest entry, whose steps are known and whose frame is at hand. */
  takeBackNewest(way: Way): void {
    const entry = this.history.newest(way)
    if (!entry || !this.reached(entry.frame)) return
    this.paint.begin('headway:decide', this.inputAt || performance.now())
    this.record(this.inverseOfNewest(entry, way))
    this.select(entry.selected, { zoom: entry.alongside.size === 0 })
    this.set({ alongside: entry.alongside })
    this.host.announce(way === 'undo' ? `Undone: ${entry.title}` : `Redone: ${entry.title}`)
  }

  /** The same where nobody looks: another frame than the shown one, of what one key did on several. */
  takeBackUnseen(way: Way): void {
    const entry = this.history.newest(way)
    if (entry) this.host.record(entry.frame, this.inverseOfNewest(entry, way))
  }

  private inverseOfNewest(entry: HistoryEntry, way: Way): Step[] {
    const steps = [...entry.steps].reverse().map((step) => inverseOf(step, this.stamp()))
    if (way === 'undo') this.history.markUndone(steps)
    else this.history.markRedone(steps)
    return steps
  }

  private record(steps: readonly Step[]): void {
    const { labelled } = this.state
    if (!labelled) return
    const after = replayed(labelled, steps)
    this.host.record(labelled.frame.id, steps)
    this.set({ labelled: { ...after, boxes: inOrderOf(labelled.boxes, after.boxes) } })
  }

  /** Each step on the frame as the steps before it left it. */
  private stepsOf(changes: readonly Change[], seconds: number): Step[] {
    const steps: Step[] = []
    const gesture = uuid()
    let frame = this.state.labelled
    for (const change of changes) {
      if (!frame) break
      const timed = 'box' in change ? { seconds, gesture } : { gesture }
      const step = stepOf(frame, { ...change, ...this.stamp(), ...timed } as Operation)
      frame = replayed(frame, [step])
      steps.push(step)
    }
    return steps
  }

  private stamp(): { id: string; device: string } {
    return { id: uuid(), device: 'desk' }
  }

  // Selection and drafts

  select(id: string | null, { zoom = true }: { zoom?: boolean } = {}): void {
    this.commitDraft()
    const shown = this.asking(this.state, id)
    this.set({ ...shown, camera: zoom ? shown.camera : this.state.camera })
  }

  /** That box alone in question, and the view on it. */
  private asking(state: EditorState, selected: string | null): EditorState {
    const asked = { ...state, selected, alongside: ALONE, editing: false }
    return { ...asked, camera: this.cameraFor(asked) }
  }

  /** Select several, the first of them in question; the view stays. */
  selectAll(boxes: readonly LabelBox[]): void {
    this.commitDraft()
    const [first, ...others] = boxes.map((box) => box.client_id)
    this.set({
      selected: first ?? null,
      alongside: new Set(others),
      editing: this.state.editing && first !== undefined,
    })
    this.host.announce(boxes.length === 1 ? '1 box selected' : `${boxes.length} boxes selected`)
  }

  /** Take one box into the selection, or out of it. */
  toggle(box: LabelBox): void {
    const boxes = selectedBoxes(this.state)
    const without = boxes.filter((other) => other !== box)
    this.selectAll(without.length < boxes.length ? without : [...boxes, box])
  }

  setDraft(draft: Box | null): void {
    this.set({ draft })
  }

  /** A draft that commits itself when no further one comes: keys have no "up" that ends a gesture. */
  nudgeTo(draft: Box): void {
    this.set({ draft })
    if (this.nudge) clearTimeout(this.nudge)
    this.nudge = setTimeout(() => this.commitDraft(), NUDGE_SETTLES_MS)
  }

  dropDraft(): void {
    if (this.nudge) clearTimeout(this.nudge)
    this.nudge = null
    this.set({ draft: null })
  }

  commitDraft(): void {
    if (this.nudge) clearTimeout(this.nudge)
    this.nudge = null
    const { draft } = this.state
    const box = selectedBox(this.state)
    if (!draft || !box || this.state.tool.path.startsWith('draw')) return
    this.set({ draft: null })
    const boxes = [box, ...besides(this.state).filter(isKept)]
    this.apply(
      titled('Moved', boxes),
      boxes.map(({ client_id, ...from }) => ({
        kind: 'reshape',
        box: client_id,
        ...likewise(from, box, draft, this.frameSize),
      })),
    )
  }

  /** The shown boxes under the point, smallest first. */
  boxesAt(point: ImagePoint): LabelBox[] {
    const { labelled, preferences } = this.state
    if (!labelled || preferences.boxesHidden) return []
    if (this.grid?.boxes !== labelled.boxes)
      this.grid = { boxes: labelled.boxes, index: new HitGrid(labelled.frame, labelled.boxes) }
    const shown = new Set(shownBoxes(this.state))
    return this.grid.index.at(point, 2 / this.state.camera.scale).filter((box) => shown.has(box))
  }

  // View

  resize(view: Size): void {
    const fit = this.state.view.width <= 1
    this.set({ view, camera: fit || this.state.labelled ? this.cameraFor({ ...this.state, view }) : this.state.camera })
  }

  setCamera(camera: Camera): void {
    this.set({ camera })
  }

  fit(): void {
    this.setCamera(fitted(this.frameSize, this.state.view))
  }

  zoomBy(factor: number, at?: ScreenPoint): void {
    const { camera, view } = this.state
    this.setCamera(zoomedAt(camera, at ?? screenPoint(view.width / 2, view.height / 2), factor, this.frameSize, view))
  }

  private cameraFor(state: EditorState): Camera {
    const box = selectedBox(state)
    const frame = state.labelled?.frame ?? this.frameSize
    return box && state.preferences.zoomToBox ? zoomedToBox(box, frame, state.view) : fitted(frame, state.view)
  }

  // Pointer

  pointer(event: 'down' | 'move' | 'up', pointer: Pointer): void {
    this.stopwatch.input()
    this.enter(this.state.tool[event](this, pointer))
  }

  enter(tool: EditorState['tool']): void {
    if (tool !== this.state.tool) this.set({ tool, cursor: tool.cursor })
  }

  setCursor(cursor: string): void {
    if (cursor !== this.state.cursor) this.set({ cursor })
  }
}
