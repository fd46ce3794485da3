/**
 * Pictures scaled before they are asked for, in the browser's idle time: of what the next key will most likely show.
 *
 * Scaling a frame to the stage takes ten times as long as copying what was scaled, and the person waits for it.
 */

import type { Size } from '../math/box'
import type { Camera } from '../math/camera'

/** A picture and what of it the stage shows. */
export interface View {
  readonly image: ImageBitmap
  readonly frame: Size
  readonly camera: Camera
  readonly stage: Size
}

/** The next box, the next frame, the one before, and what is shown now: 8 MB each at 1920 x 1080. */
const KEPT = 4

export class ViewsAhead {
  private readonly paint: (context: OffscreenCanvasRenderingContext2D, view: View) => void
  private readonly canvas = new OffscreenCanvas(1, 1)
  private kept: { readonly view: View; readonly ratio: number; readonly picture: ImageBitmap }[] = []

  constructor(paint: (context: OffscreenCanvasRenderingContext2D, view: View) => void) {
    this.paint = paint
  }

  get(view: View, ratio: number): ImageBitmap | null {
    return this.kept.find((one) => one.ratio === ratio && sameView(one.view, view))?.picture ?? null
  }

  /** Scale the first of these that is not kept; false when all are. */
  prepare(views: readonly View[], ratio: number): boolean {
    const next = views.slice(0, KEPT).find((view) => !this.get(view, ratio))
    if (!next) return false
    const picture = this.painted(next, ratio)
    if (!picture) return false
    this.kept.push({ view: next, ratio, picture })
    this.forgetAllBut(views, ratio)
    return true
  }

  private painted(view: View, ratio: number): ImageBitmap | null {
    const { canvas } = this
    Object.assign(canvas, {
      width: Math.round(view.stage.width * ratio),
      height: Math.round(view.stage.height * ratio),
    })
    const context = canvas.getContext('2d')
    if (!context) return null
    context.scale(ratio, ratio)
    this.paint(context, view)
    return canvas.transferToImageBitmap()
  }

  close(): void {
    for (const { picture } of this.kept) picture.close()
    this.kept = []
  }

  /** Oldest first, and of those none that may still be shown next. */
  private forgetAllBut(views: readonly View[], ratio: number): void {
    const wanted = new Set(views.map((view) => this.get(view, ratio)))
    for (const one of [...this.kept]) {
      if (this.kept.length <= KEPT) return
      if (wanted.has(one.picture)) continue
      one.picture.close()
      this.kept = this.kept.filter((other) => other !== one)
    }
  }
}

const sameView = (a: View, b: View): boolean =>
  a.image === b.image &&
  a.camera.scale === b.camera.scale &&
  a.camera.x === b.camera.x &&
  a.camera.y === b.camera.y &&
  a.stage.width === b.stage.width &&
  a.stage.height === b.stage.height
