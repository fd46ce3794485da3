/** The picture of a crop, fetched when it comes near the window and drawn once. */

import { useEffect, useRef } from 'react'
import type { Box, Size } from '../../../editor/math/box'
import type { DeskApi } from '../session/deskApi'
import { cutout } from './cutout'

const CELL = { width: 150, height: 106 }

/** A part of a frame, and the rectangle on it. */
export interface Cut {
  readonly box: Box
  readonly frame: Size & { readonly id: number }
}

interface CropPictureProps {
  readonly crop: Cut
  readonly api: Pick<DeskApi, 'image'>
  readonly colour: string
  /** Nothing is there: the rectangle says where something should be. */
  readonly ghost?: boolean
  readonly size?: Size
  /** Context on each side, as part of the box's longer side. */
  readonly margin?: number
}

export function CropPicture({ crop, api, colour, ghost = false, size = CELL, margin }: CropPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const surface = canvas.current
    if (!surface) return
    let gone = false
    const bring = async (): Promise<void> => {
      const image = await api.image(crop.frame.id)
      if (!gone) draw(surface, image, crop, { colour, ghost, size, margin })
      image.close()
    }
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        watcher.disconnect()
        void bring().catch(() => surface.setAttribute('data-missing', 'true'))
      },
      { rootMargin: '400px' },
    )
    watcher.observe(surface)
    return () => {
      gone = true
      watcher.disconnect()
    }
  }, [crop, api, colour, ghost, size, margin])
  return <canvas ref={canvas} />
}

interface Look {
  readonly colour: string
  readonly ghost: boolean
  readonly size: Size
  readonly margin: number | undefined
}

/** The box is drawn as it was proposed: dark, then its colour, so that it stands out on any picture. */
function draw(surface: HTMLCanvasElement, image: ImageBitmap, { box, frame }: Cut, look: Look): void {
  const { colour, ghost, size, margin } = look
  const ratio = window.devicePixelRatio || 1
  surface.width = size.width * ratio
  surface.height = size.height * ratio
  const pen = surface.getContext('2d')
  if (!pen) return
  const part = cutout(box, frame, size, margin)
  const scale = surface.width / part.width
  if (ghost) pen.setLineDash([4 * ratio, 4 * ratio])
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(image, -part.x * scale, -part.y * scale, frame.width * scale, frame.height * scale)
  for (const [style, width] of [
    ['rgba(0, 0, 0, 0.75)', 4],
    [colour, 2],
  ] as const) {
    pen.strokeStyle = style
    pen.lineWidth = width * ratio
    pen.strokeRect((box.x - part.x) * scale, (box.y - part.y) * scale, box.width * scale, box.height * scale)
  }
}
