/** How a box looks: state by line style and sign, category by colour and name, and never by colour alone. */

import type { BoxState, LabelBox } from '../scene/label'

export interface LineStyle {
  readonly dash: readonly number[]
  readonly sign: string
}

/** Solid = settled, dashed = proposed, dotted = possibly missed. */
export const LINE_STYLES: Readonly<Record<BoxState, LineStyle>> = {
  accepted: { dash: [], sign: '✓' },
  edited: { dash: [], sign: '✎' },
  pending: { dash: [7, 4], sign: '?' },
  missed_candidate: { dash: [2, 3], sign: '+' },
  rejected: { dash: [1, 6], sign: '✕' },
  dismissed: { dash: [1, 6], sign: '✕' },
}

/** Under every coloured line lies a wider dark one: one of the two is 3:1 against any pixel. */
export const DARK = 'rgba(8, 10, 14, 0.85)'
export const LABEL_GROUND = 'rgba(12, 14, 20, 0.84)'
export const LABEL_TEXT = '#ffffff'
export const NO_CATEGORY = '#c8ccd4'
export const LABEL_FONT = labelFont(1)
/** Of a label of size 1. */
export const LABEL_HEIGHT = 16

/** `size` 1 = 11 px. */
export function labelFont(size: number): string {
  return `600 ${Math.round(11 * size)}px system-ui, "Segoe UI", sans-serif`
}

/** As bright as a line on a dark ground must be (relative luminance; 3:1 against DARK's darkest mix). */
const LEAST_LUMINANCE = 0.25

const readable = new Map<string, string>()

/** A category's colour, mixed with white until it stands out from its dark outline. */
export function lineColour(colour: string): string {
  const known = readable.get(colour)
  if (known) return known
  let [r, g, b] = channels(colour)
  for (let step = 0; step < 10 && luminance(r, g, b) < LEAST_LUMINANCE; step += 1)
    [r, g, b] = [r, g, b].map((channel) => channel + (255 - channel) * 0.15) as [number, number, number]
  const result = `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`
  readable.set(colour, result)
  return result
}

export function labelText(box: LabelBox, category: string): string {
  const score = box.score === null ? '' : ` ${box.score.toFixed(2)}`
  return `${LINE_STYLES[box.state].sign}${box.unsure ? '?' : ''} ${category}${score}`
}

function channels(colour: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1]
  if (!hex) return [200, 204, 212]
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number]
}

function luminance(r: number, g: number, b: number): number {
  const [lr, lg, lb] = [r, g, b].map((channel) => (channel / 255) ** 2.2) as [number, number, number]
  return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb
}
