/** The next frames as decoded bitmaps, so that showing one is only a draw. Bitmaps hold memory outside the heap: evicted ones are closed. */

export interface FramePictures {
  /** The frame's still, decoded. */
  image(frame: number): Promise<ImageBitmap>
  /** A small version that is there sooner. */
  thumbnail(frame: number): Promise<ImageBitmap>
}

/** 16 stills of 1920 x 1080 are 133 MB. */
const KEPT = 16
/** A picture that is there sooner needs no small one before it: drawing that would only hold it up. */
const SMALL_AFTER_MS = 60

export class BitmapRing {
  private readonly pictures: FramePictures
  private readonly bitmaps = new Map<number, ImageBitmap>()
  private readonly loading = new Map<number, Promise<ImageBitmap>>()

  constructor(pictures: FramePictures) {
    this.pictures = pictures
  }

  /** The bitmap when it is at hand. */
  peek(frame: number): ImageBitmap | null {
    return this.bitmaps.get(frame) ?? null
  }

  /** The same; asking makes it the last to go. */
  get(frame: number): ImageBitmap | null {
    const bitmap = this.bitmaps.get(frame)
    if (!bitmap) return null
    this.bitmaps.delete(frame)
    this.bitmaps.set(frame, bitmap)
    return bitmap
  }

  async load(frame: number): Promise<ImageBitmap> {
    const known = this.get(frame)
    if (known) return known
    const begun = this.loading.get(frame)
    if (begun) return begun
    const loading = this.pictures.image(frame).then((bitmap) => this.keep(frame, bitmap))
    const forgotten = loading.finally(() => this.loading.delete(frame))
    this.loading.set(frame, forgotten)
    return forgotten
  }

  /** Show the whole picture, and until it is there, where that takes a while, the thumbnail; false when it did not come. */
  async bring(frame: number, show: (image: ImageBitmap, preview: boolean) => void): Promise<boolean> {
    let whole = false
    const small = setTimeout(() => {
      const preview = this.pictures.thumbnail(frame).then((image) => !whole && show(image, true))
      preview.catch(() => null)
    }, SMALL_AFTER_MS)
    try {
      const image = await this.load(frame)
      whole = true
      clearTimeout(small)
      show(image, false)
      return true
    } catch {
      return false
    }
  }

  /** Load one after another, so that the frame needed first comes first; a failed one is asked for again when it is shown. */
  async prefetch(frames: readonly number[], came: () => void = () => {}): Promise<void> {
    for (const frame of frames) {
      const loading = this.peek(frame) === null
      await this.load(frame).catch(() => null)
      if (loading) came()
    }
  }

  close(): void {
    for (const bitmap of this.bitmaps.values()) bitmap.close()
    this.bitmaps.clear()
  }

  private keep(frame: number, bitmap: ImageBitmap): ImageBitmap {
    this.bitmaps.set(frame, bitmap)
    for (const [oldest, old] of this.bitmaps) {
      if (this.bitmaps.size <= KEPT) break
      this.bitmaps.delete(oldest)
      old.close()
    }
    return bitmap
  }
}
