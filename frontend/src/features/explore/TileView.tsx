/** One tile: the picture, its risk or likeness, and the way to what looks like it. */
import { ActionIcon } from '@mantine/core'
import { IconZoomScan } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Size } from '../../editor/math/box'
import { CropPicture } from '../audit/grid/CropPicture'
import { DeskApi } from '../audit/session/deskApi'
import { thumbnailUrl } from '../footage/queries'
import classes from './explore.module.css'
import type { Tile } from './tiles'
import { useCategories } from './useCategories'

const api = new DeskApi()

interface TileViewProps {
  tile: Tile
  id: string
  chosen: boolean
  size: Size
  onChoose: () => void
  onOpen: () => void
  onLike: () => void
}

export function TileView({ tile, id, chosen, size, onChoose, onOpen, onLike }: TileViewProps) {
  const { t } = useTranslation()
  const words = useWords(tile)
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive lint/a11y/useKeyWithClickEvents: the grid holds the focus and takes the keys.
    <div
      id={id}
      role="gridcell"
      aria-selected={chosen}
      aria-label={words.name}
      title={words.name}
      className={classes.tile}
      onClick={onChoose}
      onDoubleClick={onOpen}
    >
      <Picture tile={tile} size={size} />
      <div className={classes.tileText}>
        {/* With the space between them these words begin the tile's name. */}
        <span>{words.what}</span> <span>{words.number}</span>
      </div>
      <ActionIcon
        className={classes.like}
        size="sm"
        variant="default"
        tabIndex={-1}
        aria-label={t('explore.similarTo', { name: words.name })}
        onClick={(event) => {
          event.stopPropagation()
          onLike()
        }}
      >
        <IconZoomScan size={15} />
      </ActionIcon>
    </div>
  )
}

function Picture({ tile, size }: { tile: Tile; size: Size }) {
  const categories = useCategories()
  if (tile.kind === 'frame')
    return <img ref={letGo} src={thumbnailUrl(tile.frame.id)} alt="" decoding="async" style={{ height: size.height }} />
  const { box, frame } = tile.crop
  return (
    <CropPicture
      crop={{ box, frame }}
      api={api}
      colour={categories.get(box.category ?? 0)?.colour ?? '#ffffff'}
      size={{ width: Math.round(size.width), height: size.height }}
    />
  )
}

/** A tile that is scrolled past gives its place in the browser's queue to those in sight. */
function letGo(image: HTMLImageElement): () => void {
  return () => image.removeAttribute('src')
}

/** What stands below the picture, and the tile's name, which begins with it as who speaks to the page would say it. */
function useWords(tile: Tile): { name: string; what: string; number: string } {
  const { t } = useTranslation()
  const categories = useCategories()
  const alike = tile.likeness?.toFixed(2)
  if (tile.kind === 'frame') {
    const { name, drive_name, risk, state } = tile.frame
    const number = alike ?? risk.toFixed(2)
    const what = t(`explore.states.${state}`, { defaultValue: state })
    return { name: `${what} ${number}, ${drive_name} / ${name}`, what, number }
  }
  const { box, frame } = tile.crop
  const number = alike ?? (box.risk === null ? '–' : box.risk.toFixed(2))
  const what = categories.get(box.category ?? 0)?.name ?? ''
  const name = `${what} ${number}, ${t(`grid.state.${box.state}`)}, ${frame.drive_name} / ${frame.name}`
  return { name, what, number }
}
