/** What stands on the two pictures: how a manifest says the network reads, and the labels that a frame has. */
import type { EdgeManifest, FrameBox, LookDetection } from '../../api/types'
import type { Shown } from './BoxPicture'

const LOWEST = 0.05 // nobody sets the page's threshold lower
const HIDDEN: readonly string[] = ['rejected', 'dismissed', 'missed_candidate']

export function readsOf({ input, categories }: EdgeManifest) {
  return { input: { width: input.width, height: input.height }, categories, floor: LOWEST }
}

/** Labels that stand, from the score on; a person's have none and always show. */
export function labelsShown(boxes: readonly FrameBox[], names: ReadonlyMap<number, string>, from: number): Shown[] {
  return boxes
    .filter(({ state, score, crowd }) => !crowd && !HIDDEN.includes(state) && (score === null || score >= from))
    .map(({ category, score, x, y, width, height }) => ({
      category: (category !== null && names.get(category)) || '–',
      score,
      x1: x,
      y1: y,
      x2: x + width,
      y2: y + height,
    }))
}

/** What a model found on a worker, from the score on. */
export function looksShown(detections: readonly LookDetection[], from: number): Shown[] {
  return detections
    .filter(({ score }) => score >= from)
    .map(({ category, score, box: [x = 0, y = 0, width = 0, height = 0] }) => ({
      category,
      score,
      x1: x,
      y1: y,
      x2: x + width,
      y2: y + height,
    }))
}
