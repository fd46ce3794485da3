/** An editor without a browser: press keys, drag, and read what would have been sent. */

import { Keymap } from '../editor/commands/keymap'
import { Editor, type EditorHost, type Ready } from '../editor/editor'
import { toScreen } from '../editor/math/camera'
import { type ImagePoint, imagePoint } from '../editor/math/point'
import type { LabelBox, LabelCategory, LabelledFrame } from '../editor/scene/label'
import type { Step } from '../editor/scene/operations'
import type { Preferences } from '../editor/state'

export const CATEGORIES: readonly LabelCategory[] = [
  { id: 11, name: 'car', colour: '#3b82f6', hotkey: '1' },
  { id: 12, name: 'truck', colour: '#f59e0b', hotkey: '2' },
  { id: 13, name: 'person', colour: '#ef4444', hotkey: '3' },
]

export function labelBox(id: string, changes: Partial<LabelBox> = {}): LabelBox {
  return {
    client_id: id,
    category: 11,
    x: 100,
    y: 100,
    width: 200,
    height: 100,
    source: 'pseudo',
    state: 'pending',
    score: 0.6,
    probs: { car: 0.6, truck: 0.3 },
    risk: 0.4,
    severity: 1,
    priority: 0.2,
    signals: [],
    track: null,
    occluded: false,
    truncated: false,
    crowd: false,
    cipo: false,
    unsure: false,
    ...changes,
  }
}

export function labelledFrame(boxes: readonly LabelBox[], id = 1): LabelledFrame {
  return { frame: { id, name: `frame ${id}`, width: 1920, height: 1080, state: 'in_audit', version: 1 }, boxes }
}

export class FakeHost implements EditorHost {
  readonly recorded: { frame: number; steps: readonly Step[] }[] = []
  readonly calls: string[] = []
  readonly said: string[] = []
  ready: readonly Ready[] = []

  record(frame: number, steps: readonly Step[]): void {
    this.recorded.push({ frame, steps })
  }
  open(frame: number): boolean {
    this.calls.push(`open ${frame}`)
    return false
  }
  recall(): void {
    this.calls.push('recall')
  }
  recallEarlier(): void {
    this.calls.push('earlier')
  }
  step(direction: 1 | -1): void {
    this.calls.push(`step ${direction}`)
  }
  advance(): void {
    this.calls.push('advance')
  }
  skip(): void {
    this.calls.push('skip')
  }
  carry(boxes: readonly LabelBox[]): void {
    this.calls.push(`carry ${boxes.map((box) => box.client_id).join(' ')}`)
  }
  saveNow(): void {
    this.calls.push('save')
  }
  leaveStage(): void {
    this.calls.push('leave')
  }
  openGrid(): void {
    this.calls.push('grid')
  }
  openTrack(): void {
    this.calls.push('track')
  }
  nearby(): readonly Ready[] {
    return this.ready
  }
  announce(message: string): void {
    this.said.push(message)
  }

  /** Every operation in the order of sending, without the parts that chance decides. */
  get operations(): string[] {
    return this.recorded.flatMap(({ steps }) =>
      steps.map(({ operation }) => ['box' in operation ? operation.box : '', operation.kind].filter(Boolean).join(' ')),
    )
  }
}

interface Press {
  readonly button?: number
  readonly adds?: boolean
}

/** A person at a desk of 960 x 540 CSS pixels; a second passes between two keys. */
export class FakeUser {
  readonly host = new FakeHost()
  readonly editor = new Editor(this.host)
  private readonly keymap = new Keymap(this.editor)
  private clock = 0

  constructor(boxes: readonly LabelBox[], preferences: Partial<Preferences> = {}) {
    this.editor.prefer(preferences)
    this.editor.resize({ width: 960, height: 540 })
    this.editor.load(labelledFrame(boxes), null, CATEGORIES)
  }

  key(chord: string, { afterMs = 1_000, repeat = false }: { afterMs?: number; repeat?: boolean } = {}): boolean {
    this.clock += afterMs
    const parts = chord.split('+')
    const name = parts.at(-1) ?? ''
    return this.keymap.press({
      key: name,
      code: /^\d$/.test(name) ? `Digit${name}` : name,
      ctrlKey: parts.includes('Mod'),
      metaKey: false,
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
      repeat,
      timeStamp: this.clock,
    })
  }

  keys(...chords: string[]): void {
    for (const chord of chords) this.key(chord)
  }

  release(): void {
    this.keymap.release()
  }

  drag(from: [number, number], to: [number, number], press: Press = {}): void {
    this.point('down', imagePoint(...from), press)
    this.point('move', imagePoint((from[0] + to[0]) / 2, (from[1] + to[1]) / 2), press)
    this.point('move', imagePoint(...to), press)
    this.point('up', imagePoint(...to), press)
  }

  click(at: [number, number], press: Press = {}): void {
    this.point('down', imagePoint(...at), press)
    this.point('up', imagePoint(...at), press)
  }

  point(event: 'down' | 'move' | 'up', image: ImagePoint, { button = 0, adds = false }: Press = {}): void {
    this.editor.pointer(event, { image, screen: toScreen(this.editor.state.camera, image), button, adds })
  }

  box(id: string): LabelBox | undefined {
    return this.editor.state.labelled?.boxes.find((box) => box.client_id === id)
  }
}
