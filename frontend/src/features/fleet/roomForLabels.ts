/** Which boxes may have their words drawn: a vehicle and its face, or a row of far cars, would write over one another. */
import type { SeenBox } from './types'

const LETTER = 0.56 // a letter's width as a share of its height

/** Tracks whose words fit, the closest in path first, then the larger boxes. `size` is the letters' height, px of the picture. */
export function roomForLabels(
  boxes: SeenBox[],
  closest: number | null,
  size: number,
  words: (box: SeenBox) => string,
): Set<number> {
  const area = ({ box: [, , width, height], track }: SeenBox) => (track === closest ? Infinity : width * height)
  const taken: { x: number; y: number; end: number; track: number }[] = []
  for (const seen of boxes.toSorted((a, b) => area(b) - area(a))) {
    const [x, y] = seen.box
    const end = x + words(seen).length * size * LETTER
    if (!taken.some((other) => Math.abs(other.y - y) < size && x < other.end && other.x < end))
      taken.push({ x, y, end, track: seen.track })
  }
  return new Set(taken.map(({ track }) => track))
}
