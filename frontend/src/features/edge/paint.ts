/** A frame with its boxes on a canvas: the colour says the category, the line whether the other picture has the object too. */
import type { Camera } from '../../editor/math/camera'
import { pathOf, strokeBox } from '../../editor/render/boxLayer'
import type { Surface } from '../../editor/render/surface'
import type { Mark, Marks } from '../sidebyside/differences'
import { drawName, LOOKS } from '../sidebyside/paint'
import type { Shown } from './shown'

export const DASHES: Readonly<Record<Mark, number[]>> = {
  kept: LOOKS.kept.dash,
  changed: LOOKS.changed.dash,
  alone: LOOKS.lost.dash,
}
const WIDTH = 2

export interface Drawing {
  image: HTMLImageElement | null
  size: { width: number; height: number }
  shown: readonly Shown[]
  /** Null while there is nothing beside it: then no line is broken. */
  marks: Marks | null
  colour: (category: string) => string
  camera: Camera
}

export function paint(surface: Surface, { image, size, shown, marks, colour, camera }: Drawing): void {
  const context = surface.cleared()
  const { scale, x, y } = camera
  if (image) context.drawImage(image, x, y, size.width * scale, size.height * scale)
  shown.forEach(({ category, box_xywh: [left, top, width, height] }, at) => {
    const path = pathOf([{ x: left, y: top, width, height }], camera)
    strokeBox(context, path, { colour: colour(category), dash: DASHES[marks?.[at] ?? 'kept'], width: WIDTH })
  })
  // The surest names lie above the others.
  for (const { category, score, box_xywh } of [...shown].reverse()) {
    const text = score === null ? category : `${category} ${score.toFixed(2)}`
    drawName(context, text, colour(category), box_xywh[0] * scale + x, box_xywh[1] * scale + y)
  }
}
