/** Which boxes lie under a point, without asking each of 2,000: the frame cut into cells, each listing the boxes that touch it. */

import { area, contains, type Size } from '../math/box'
import type { ImagePoint } from '../math/point'
import type { LabelBox } from './label'

const CELLS = 24

export class HitGrid {
  private readonly cells: LabelBox[][] = Array.from({ length: CELLS * CELLS }, () => [])

  private readonly frame: Size

  constructor(frame: Size, boxes: readonly LabelBox[]) {
    this.frame = frame
    for (const box of boxes) this.insert(box)
  }

  /** The boxes that hold the point (with `margin` image pixels of grace), smallest first: faces lie inside vehicles. */
  at(point: ImagePoint, margin = 0): LabelBox[] {
    const found = new Set<LabelBox>()
    for (const column of this.span(point.x - margin, point.x + margin, this.frame.width))
      for (const row of this.span(point.y - margin, point.y + margin, this.frame.height))
        for (const box of this.cells[row * CELLS + column] ?? []) if (contains(box, point, margin)) found.add(box)
    return [...found].sort((a, b) => area(a) - area(b))
  }

  private insert(box: LabelBox): void {
    for (const column of this.span(box.x, box.x + box.width, this.frame.width))
      for (const row of this.span(box.y, box.y + box.height, this.frame.height))
        this.cells[row * CELLS + column]?.push(box)
  }

  private span(from: number, to: number, length: number): number[] {
    const cell = (at: number): number => Math.min(Math.max(Math.floor((at / length) * CELLS), 0), CELLS - 1)
    const first = cell(from)
    return Array.from({ length: cell(to) - first + 1 }, (_, offset) => first + offset)
  }
}
