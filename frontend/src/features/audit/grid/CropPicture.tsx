/** The picture of a crop, fetched when it comes near the window and drawn once. */

import { useEffect, useRef } from 'react'
import type { Crop } from '../../../api/types'
import type { DeskApi } from '../session/deskApi'
import { cutout } from './cutout'

const CELL = { width: 150, height: 106 }

export function CropPicture({ crop, api, colour }: { crop: Crop; api: DeskApi; colour: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const surface = canvas.current
    if (!surface) return
    let gone = false
    const bring = async (): Promise<void> => {
      const image = await api.image(crop.frame.id)
      if (!gone) draw(surface, image, crop, colour)
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
  }, [crop, api, colour])
  return <canvas ref={canvas} />
}

/** The box is drawn as it was proposed: dark, then its colour, so that it stands out on any picture. */
function draw(surface: HTMLCanvasElement, image: ImageBitmap, { box, frame }: Crop, colour: string): void {
  const ratio = window.devicePixelRatio || 1
  surface.width = CELL.width * ratio
  surface.height = CELL.height * ratio
  const pen = surface.getContext('2d')
  if (!pen) return
  const part = cutout(box, frame, CELL)
  const scale = surface.width / part.width
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
