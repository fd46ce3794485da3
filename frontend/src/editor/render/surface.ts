/** A canvas that is as sharp as the screen: sized in CSS pixels, backed by device pixels. */

import type { Size } from '../math/box'

export class Surface {
  readonly canvas: HTMLCanvasElement
  readonly context: CanvasRenderingContext2D
  size: Size = { width: 0, height: 0 }
  ratio = 1

  constructor(host: HTMLElement, { opaque = false }: { opaque?: boolean } = {}) {
    this.canvas = host.ownerDocument.createElement('canvas')
    Object.assign(this.canvas.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' })
    this.canvas.setAttribute('aria-hidden', 'true')
    host.append(this.canvas)
    const context = this.canvas.getContext('2d', { alpha: !opaque })
    if (!context) throw new Error('This browser gives no 2D canvas; the audit desk needs one.')
    this.context = context
  }

  resize(size: Size, ratio: number): void {
    this.size = size
    this.ratio = ratio
    this.canvas.width = Math.max(1, Math.round(size.width * ratio))
    this.canvas.height = Math.max(1, Math.round(size.height * ratio))
  }

  /** An empty surface, in CSS pixels. */
  cleared(): CanvasRenderingContext2D {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    this.context.clearRect(0, 0, this.size.width, this.size.height)
    return this.context
  }

  /** By a picture that has all of the surface's own pixels: nothing is cleared or mixed. */
  replace(picture: ImageBitmap): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0)
    this.context.imageSmoothingEnabled = false
    this.context.globalCompositeOperation = 'copy'
    this.context.drawImage(picture, 0, 0)
    this.context.globalCompositeOperation = 'source-over'
  }
}
