/** The frame with both labellings: what agrees is quiet, each kind of difference has a line and a colour of its own. */
import type { LabelPair } from '../../../api/types'
import type { Camera } from '../../../editor/math/camera'
import { pathOf, strokeBox } from '../../../editor/render/boxLayer'
import type { Surface } from '../../../editor/render/surface'
import { drawName, LOOKS } from '../../sidebyside/paint'
import { boxesOf, OUTCOMES, type Outcome, placeOf } from './pairs'

export const LOOK_OF = {
  agree: LOOKS.kept,
  other_category: LOOKS.changed,
  only_a: LOOKS.lost,
  only_b: LOOKS.gained,
} as const satisfies Record<Outcome, unknown>

export interface Drawing {
  image: HTMLImageElement | null
  size: { width: number; height: number }
  pairs: readonly LabelPair[]
  /** The difference that is looked at. */
  chosen: LabelPair | null
  named: (pair: LabelPair) => string
}

export function paint(surface: Surface, camera: Camera, { image, size, pairs, chosen, named }: Drawing): void {
  const context = surface.cleared()
  const { scale, x, y } = camera
  if (image) context.drawImage(image, x, y, size.width * scale, size.height * scale)
  if (chosen)
    strokeBox(context, pathOf(boxesOf(chosen), camera), { dash: [], colour: 'rgba(255, 255, 255, 0.9)', width: 5 })
  // What differs lies above what does not.
  for (const outcome of OUTCOMES) {
    const boxes = pairs.filter((pair) => pair.outcome === outcome).flatMap(boxesOf)
    strokeBox(context, pathOf(boxes, camera), LOOK_OF[outcome])
  }
  for (const pair of pairs) {
    if (pair.outcome === 'agree') continue
    const place = placeOf(pair)
    drawName(context, named(pair), LOOK_OF[pair.outcome].colour, place.x * scale + x, place.y * scale + y)
  }
}
