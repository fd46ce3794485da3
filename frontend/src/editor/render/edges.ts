/**
 * A box's four edges, filled with a tile of dashes.
 *
 * Without a graphics card a browser takes longer to stroke the dashed boxes of one frame than for all else on the stage;
 * filling the same edges from a tile costs a tenth. Edges lie on whole device pixels, so they are sharp.
 */

import type { Box } from '../math/box'
import type { Camera } from '../math/camera'
import { DARK } from './style'
import type { Surface } from './surface'

export interface EdgeLook {
  /** On and off, in CSS pixels; none is a solid line. */
  readonly dash: readonly number[]
  readonly colour: string
  /** Of the coloured line; a dark one shows one pixel on either side. */
  readonly width: number
}

interface Tiles {
  readonly across: CanvasPattern
  readonly down: CanvasPattern
  /** Device pixels of the whole line. */
  readonly thick: number
}

const SOLID_PX = 8
const KEPT = 500
const tiles = new Map<string, Tiles>()

export function drawEdges({ context, ratio }: Surface, box: Box, camera: Camera, look: EdgeLook): void {
  const { across, down, thick } = tilesOf(context, look, ratio)
  const at = (css: number): number => Math.round(css * ratio - thick / 2)
  const [left, top] = [at(box.x * camera.scale + camera.x), at(box.y * camera.scale + camera.y)]
  const right = at((box.x + box.width) * camera.scale + camera.x)
  const bottom = at((box.y + box.height) * camera.scale + camera.y)
  /** The tile begins where the edge does. */
  const fill = (tile: CanvasPattern, x: number, y: number, width: number, height: number): void => {
    context.setTransform(1, 0, 0, 1, x, y)
    context.fillStyle = tile
    if (width > 0 && height > 0) context.fillRect(0, 0, width, height)
  }
  fill(across, left, top, right - left + thick, thick)
  fill(across, left, bottom, right - left + thick, thick)
  fill(down, left, top + thick, thick, bottom - top - thick)
  fill(down, right, top + thick, thick, bottom - top - thick)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
}

function tilesOf(context: CanvasRenderingContext2D, look: EdgeLook, ratio: number): Tiles {
  const key = `${look.dash}|${look.colour}|${look.width}|${ratio}`
  const known = tiles.get(key)
  if (known) return known
  if (tiles.size >= KEPT) tiles.clear()
  const made = tilesFor(context, look, ratio)
  tiles.set(key, made)
  return made
}

function tilesFor(context: CanvasRenderingContext2D, { dash, colour, width }: EdgeLook, ratio: number): Tiles {
  const [on = SOLID_PX, off = 0] = dash.map((length) => Math.max(1, Math.round(length * ratio)))
  const rim = Math.max(1, Math.round(ratio))
  const line = Math.max(1, Math.round(width * ratio))
  const thick = line + 2 * rim
  const tile = (width: number, height: number, paint: (pen: CanvasRenderingContext2D) => void): CanvasPattern => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const pen = canvas.getContext('2d')
    if (pen) paint(pen)
    const pattern = context.createPattern(canvas, 'repeat')
    if (!pattern) throw new Error('This browser gives no pattern; the audit desk needs one.')
    return pattern
  }
  const across = tile(on + off, thick, (pen) => {
    filled(pen, DARK, 0, 0, on, thick)
    filled(pen, colour, 0, rim, on, line)
  })
  const down = tile(thick, on + off, (pen) => {
    filled(pen, DARK, 0, 0, thick, on)
    filled(pen, colour, rim, 0, line, on)
  })
  return { across, down, thick }
}

function filled(
  pen: CanvasRenderingContext2D,
  style: string,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  pen.fillStyle = style
  pen.fillRect(x, y, width, height)
}
