/** The tiles in rows, only those near the window in the document: one stop for Tab, arrows inside, Enter opens, S looks for what is alike. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './explore.module.css'
import { TileView } from './TileView'
import { type Like, likeOf, moved, type Tile } from './tiles'

const TILE_WIDTH = { frame: 200, crop: 158 }
const GAP = 10
const TEXT_HEIGHT = 27

interface TileGridProps {
  tiles: readonly Tile[]
  label: string
  onEnd: () => void
  onOpen: (tile: Tile) => void
  onLike: (like: Like) => void
}

export function TileGrid({ tiles, label, onEnd, onOpen, onLike }: TileGridProps) {
  const { t } = useTranslation()
  const grid = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize()
  const ref = useMergedRef(grid, sized)
  const [at, setAt] = useState(0)
  const wanted = TILE_WIDTH[tiles[0]?.kind ?? 'frame']
  const columns = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)))
  const tileWidth = (width - GAP * (columns - 1)) / columns
  const height = Math.round(tileWidth * (tiles[0]?.kind === 'crop' ? 0.7 : 9 / 16) + TEXT_HEIGHT)
  const rowCount = Math.ceil(tiles.length / columns)
  const virtual = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => height + GAP,
    overscan: 3,
    scrollMargin: grid.current?.offsetTop ?? 0,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new width means new heights
  useEffect(() => virtual.measure(), [virtual, height])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= rowCount - 4 && rowCount > 0) onEnd()
  })
  const chosen = Math.min(at, tiles.length - 1)
  const keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const tile = tiles[chosen]
    const next = moved(
      event.key,
      chosen,
      tiles.length,
      columns,
      Math.max(1, Math.floor(innerHeight / (height + GAP)) - 1),
    )
    if (next !== null) {
      setAt(next)
      virtual.scrollToIndex(Math.floor(next / columns), { align: 'auto' })
    } else if (tile && event.key === 'Enter') onOpen(tile)
    else if (tile && event.key.toLowerCase() === 's') onLike(likeOf(tile))
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot hold cells that are chosen by arrows.
    <div
      ref={ref}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rowCount}
      aria-activedescendant={tiles.length > 0 ? `tile-${chosen}` : undefined}
      className={classes.grid}
      style={{ height: Math.max(virtual.getTotalSize(), 1) }}
      onKeyDown={keyDown}
      data-testid="gallery"
    >
      {width > 0 &&
        items.map(({ index, start }) => (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: the grid holds the focus.
          <div
            key={index}
            role="row"
            aria-rowindex={index + 1}
            aria-label={t('grid.row', { number: index + 1 })}
            className={classes.row}
            style={{
              gridTemplateColumns: `repeat(${columns}, 1fr)`,
              height,
              transform: `translateY(${start - virtual.options.scrollMargin}px)`,
            }}
          >
            {tiles.slice(index * columns, (index + 1) * columns).map((tile, column) => (
              <TileView
                key={tile.key}
                tile={tile}
                id={`tile-${index * columns + column}`}
                chosen={index * columns + column === chosen}
                size={{ width: tileWidth, height: height - TEXT_HEIGHT }}
                onChoose={() => setAt(index * columns + column)}
                onOpen={() => onOpen(tile)}
                onLike={() => onLike(likeOf(tile))}
              />
            ))}
          </div>
        ))}
    </div>
  )
}
