/** A place of the gallery, frame or label, as the grid needs it. */
import type { GalleryCrop, GalleryFrame } from '../../api/types'

export type Tile = (
  | { readonly kind: 'frame'; readonly key: string; readonly frame: GalleryFrame }
  | { readonly kind: 'crop'; readonly key: string; readonly crop: GalleryCrop }
) & { readonly likeness?: number }

export type Like = { like_frame: number } | { like_label: string }

export function tileOf(row: (GalleryFrame | GalleryCrop) & { likeness?: number }): Tile {
  if ('box' in row) return { kind: 'crop', key: row.box.client_id, crop: row, likeness: row.likeness }
  return { kind: 'frame', key: String(row.id), frame: row, likeness: row.likeness }
}

/** The frame that a tile opens on the desk. */
export const frameOf = (tile: Tile): number => (tile.kind === 'frame' ? tile.frame.id : tile.crop.frame.id)

export const likeOf = (tile: Tile): Like =>
  tile.kind === 'frame' ? { like_frame: tile.frame.id } : { like_label: tile.crop.box.client_id }

/** Where a key leads from the tile `at`; null for a key that moves nowhere. */
export function moved(key: string, at: number, count: number, columns: number, rows: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    PageUp: at - columns * rows,
    PageDown: at + columns * rows,
    Home: 0,
    End: count - 1,
  }
  const next = steps[key]
  if (next === undefined || count === 0) return null
  const far = key === 'PageUp' || key === 'PageDown'
  if (next < 0 || next >= count) return far ? Math.min(Math.max(next, 0), count - 1) : at
  return next
}
