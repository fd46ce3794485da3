/** What stands on the two pictures: how a manifest says the network reads, the labels that a frame has, and what a model found there. */
import type { EdgeManifest, FrameBox, LookDetection, Taxonomy } from '../../api/types'
import { colourOf } from '../evaluations/curves'
import { differences, type Marks } from '../sidebyside/differences'
import type { Detection } from './decode'

const LOWEST = 0.05 // nobody sets the page's threshold lower
const HIDDEN: readonly string[] = ['rejected', 'dismissed', 'missed_candidate']

/** `score`: null for what a person drew. */
export interface Shown {
  category: string
  score: number | null
  box_xywh: readonly [number, number, number, number]
}

export function readsOf({ input, categories }: EdgeManifest) {
  return { input: { width: input.width, height: input.height }, categories, floor: LOWEST }
}

/** What the network in the browser found, from the score on. */
export function foundShown(detections: readonly Detection[], from: number): Shown[] {
  return detections
    .filter(({ score }) => score >= from)
    .map(({ category, score, x1, y1, x2, y2 }) => ({ category, score, box_xywh: [x1, y1, x2 - x1, y2 - y1] }))
}

/** Labels that stand, from the score on; a person's have none and always show. */
export function labelsShown(boxes: readonly FrameBox[], names: ReadonlyMap<number, string>, from: number): Shown[] {
  return boxes
    .filter(({ state, score, crowd }) => !crowd && !HIDDEN.includes(state) && (score === null || score >= from))
    .map(({ category, score, x, y, width, height }) => ({
      category: (category !== null && names.get(category)) || '–',
      score,
      box_xywh: [x, y, width, height],
    }))
}

/** What a model found on a worker, from the score on. */
export function looksShown(detections: readonly LookDetection[], from: number): Shown[] {
  return detections
    .filter(({ score }) => score >= from)
    .map(({ category, score, box: [x = 0, y = 0, width = 0, height = 0] }) => ({
      category,
      score,
      box_xywh: [x, y, width, height],
    }))
}

/** The colour of a category by its name, the same on both pictures: a taxonomy's own, else one that its name alone says. */
export function coloursOf(taxonomies: readonly Taxonomy[]): (name: string) => string {
  const own = new Map(taxonomies.flatMap(({ categories }) => categories.map(({ name, colour }) => [name, colour])))
  return (name) => own.get(name) ?? colourOf([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0))
}

export interface Agreement {
  /** Of each picture's boxes, in their order. */
  marks: readonly [Marks, Marks]
  both: number
  renamed: number
  here: number
  beside: number
}

/** Which boxes are of one object (sidebyside/differences.ts), and how many are of neither picture but one. */
export function agreementOf(here: readonly Shown[], beside: readonly Shown[]): Agreement {
  const marks = differences(here, beside)
  const count = (side: 0 | 1, mark: Marks[number]) => marks[side].filter((each) => each === mark).length
  return {
    marks,
    both: count(0, 'kept'),
    renamed: count(0, 'changed'),
    here: count(0, 'alone'),
    beside: count(1, 'alone'),
  }
}
