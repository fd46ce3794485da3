/** The box that was copied last: it is pasted on any frame of the sitting, at the same place. */

import type { Box } from './math/box'

interface CopiedBox extends Box {
  readonly category: number
}

let copied: CopiedBox | null = null

export function copyBox({ x, y, width, height, category }: CopiedBox): void {
  copied = { x, y, width, height, category }
}

export const copiedBox = (): CopiedBox | null => copied
