/** Ties an editor to the page: three canvases that redraw only what changed, and the pointer, wheel and keys that feed it. */

import { Keymap } from './commands/keymap'
import type { Editor } from './editor'
import { toImage } from './math/camera'
import { type ScreenPoint, screenPoint } from './math/point'
import { ViewsAhead } from './render/ahead'
import { drawBoxes } from './render/boxLayer'
import { drawImage, paintView, viewOf } from './render/imageLayer'
import { drawOverlay } from './render/overlay'
import { Surface } from './render/surface'
import { Tone } from './render/tone'
import { type EditorState, hasCrosshair } from './state'
import type { Pointer } from './tools/ToolState'
import { cancelIdle, whenIdle } from './whenIdle'

const WHEEL_ZOOM = 0.0015

/** Which parts of the state a layer shows: it is drawn again when one of them is another value. */
const imageKey = (state: EditorState): unknown[] => [state.image, state.camera, state.view]
const boxKey = (state: EditorState): unknown[] => [
  state.labelled?.boxes,
  state.camera,
  state.view,
  state.selected,
  state.alongside,
  state.categories,
  state.preferences,
]

/** What the person is asked: with another question, other views come next. */
const questionKey = (state: EditorState | null): unknown[] => [
  state?.labelled?.frame.id,
  state?.selected,
  state?.image,
  state?.view,
  state?.preferences.zoomToBox,
]

const differs = (a: unknown[], b: unknown[]): boolean => a.some((value, index) => value !== b[index])

export class Stage {
  private readonly editor: Editor
  private readonly host: HTMLElement
  private readonly keymap: Keymap
  private readonly surfaces: { image: Surface; boxes: Surface; overlay: Surface }
  private readonly tone: Tone
  private readonly ahead = new ViewsAhead(paintView)
  private readonly observer: ResizeObserver
  private readonly stop = new AbortController()
  private readonly unsubscribe: () => void
  private drawn: EditorState | null = null
  private pointerAt: ScreenPoint | null = null
  private request = 0
  private rehearsing = 0

  /** `host`: a focusable, positioned element that the canvases fill. Without `keys` the page around it has keys of its own. */
  constructor(editor: Editor, host: HTMLElement, { keys = true }: { keys?: boolean } = {}) {
    this.editor = editor
    this.host = host
    this.keymap = new Keymap(editor)
    this.surfaces = { image: new Surface(host), boxes: new Surface(host), overlay: new Surface(host) }
    this.tone = new Tone(host)
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(host)
    this.unsubscribe = editor.subscribe(() => this.schedule())
    editor.rehearse = () => this.rehearse()
    this.listen()
    if (keys) this.listenToKeys()
    this.resize()
  }

  close(): void {
    this.stop.abort()
    this.observer.disconnect()
    this.unsubscribe()
    cancelAnimationFrame(this.request)
    cancelIdle(this.rehearsing)
    for (const surface of Object.values(this.surfaces)) surface.canvas.remove()
    this.tone.close()
    this.ahead.close()
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host
    if (width === 0 || height === 0) return
    for (const surface of Object.values(this.surfaces)) surface.resize({ width, height }, window.devicePixelRatio || 1)
    this.drawn = null
    this.editor.resize({ width, height })
    // A resized canvas is empty: drawing it in the same task leaves no blank frame.
    this.draw()
  }

  private schedule(): void {
    if (this.request === 0) this.request = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    cancelAnimationFrame(this.request)
    this.request = 0
    const started = performance.now()
    const { state } = this.editor
    const { image, boxes, overlay } = this.surfaces
    const before = this.drawn
    if (!before || differs(imageKey(before), imageKey(state))) drawImage(image, state, this.ahead)
    if (!before || differs(boxKey(before), boxKey(state))) drawBoxes(boxes, state)
    drawOverlay(overlay, state, this.pointerAt)
    if (before?.preferences !== state.preferences) this.tone.apply(image.canvas, state.preferences)
    this.host.style.cursor = state.cursor
    this.drawn = state
    this.editor.paint.painted(started, performance.now() - started)
    if (differs(questionKey(before), questionKey(state))) this.rehearse()
  }

  /** Scale what may come next, one view at a time, whenever the browser has nothing to do. */
  private rehearse(): void {
    if (this.rehearsing !== 0) return
    this.rehearsing = whenIdle(() => {
      this.rehearsing = 0
      const views = this.editor.upcoming().map(viewOf)
      if (
        this.ahead.prepare(
          views.filter((view) => view !== null),
          this.surfaces.image.ratio,
        )
      )
        this.rehearse()
    })
  }

  private listen(): void {
    const { signal } = this.stop
    const { host } = this
    host.addEventListener('pointerdown', (event) => this.press(event), { signal })
    host.addEventListener('pointermove', (event) => this.point('move', event), { signal })
    host.addEventListener('pointerup', (event) => this.point('up', event), { signal })
    host.addEventListener('pointercancel', () => this.cancel(), { signal })
    host.addEventListener('pointerleave', () => this.leave(), { signal })
    host.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false })
    host.addEventListener('contextmenu', (event) => event.preventDefault(), { signal })
  }

  private listenToKeys(): void {
    const { signal } = this.stop
    // Captured, so that the Escape that closes a dialog is seen while the dialog is still there.
    window.addEventListener('keydown', (event) => this.keyDown(event), { signal, capture: true })
    window.addEventListener('keyup', () => this.keymap.release(), { signal })
    window.addEventListener('blur', () => this.keymap.release(), { signal })
  }

  private press(event: PointerEvent): void {
    if (event.button > 1) return
    event.preventDefault()
    this.host.focus({ preventScroll: true })
    this.host.setPointerCapture(event.pointerId)
    this.point('down', event)
  }

  private point(kind: 'down' | 'move' | 'up', event: PointerEvent): void {
    const bounds = this.host.getBoundingClientRect()
    const screen = screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
    this.pointerAt = screen
    const image = toImage(this.editor.state.camera, screen)
    const pointer: Pointer = { screen, image, button: event.button, adds: event.shiftKey }
    this.editor.inputAt = event.timeStamp
    this.editor.pointer(kind, pointer)
    this.editor.inputAt = 0
    if (hasCrosshair(this.editor.state)) this.schedule()
  }

  private cancel(): void {
    this.editor.enter(this.editor.state.tool.cancel(this.editor))
  }

  private leave(): void {
    this.pointerAt = null
    this.schedule()
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault()
    const bounds = this.host.getBoundingClientRect()
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    const at = screenPoint(event.clientX - bounds.left, event.clientY - bounds.top)
    this.editor.stopwatch.input()
    this.editor.zoomBy(Math.exp(-event.deltaY * lines * WHEEL_ZOOM), at)
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || this.belongsElsewhere(event)) return
    if (this.keymap.press(event)) event.preventDefault()
  }

  /** A dialog, a field or a focused control keeps its own keys; Tab steps through boxes on the stage alone. */
  private belongsElsewhere(event: KeyboardEvent): boolean {
    const target = event.target instanceof Element ? event.target : null
    if (document.querySelector('[aria-modal="true"]')) return true
    if (target?.closest('input, textarea, select, [contenteditable="true"]')) return true
    const moves = /^(Tab|Enter| |Arrow|Home|End)/.test(event.key)
    const plain = !event.ctrlKey && !event.metaKey
    const outside = target !== null && target !== document.body && !this.host.contains(target)
    return moves && plain && outside
  }
}
