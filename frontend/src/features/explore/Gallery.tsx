/** What the question takes, riskiest first, page by page while one scrolls. */
import { Skeleton } from '@mantine/core'
import { IconPhotoSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { galleryQuery } from './queries'
import { type ExploreSearch, kindOf } from './search'
import { TileGrid } from './TileGrid'
import { type Like, tileOf } from './tiles'
import { useOpen } from './useOpen'

export function Gallery({ search, onLike }: { search: ExploreSearch; onLike: (like: Like) => void }) {
  const { t } = useTranslation()
  const gallery = useInfiniteQuery(galleryQuery(search))
  const open = useOpen()
  const tiles = useMemo(() => (gallery.data?.pages ?? []).flatMap(({ results }) => results.map(tileOf)), [gallery.data])
  if (gallery.isError) return <ErrorNote error={gallery.error} retry={() => void gallery.refetch()} />
  if (gallery.isPending) return <Skeleton h={320} />
  if (tiles.length === 0)
    return (
      <EmptyState icon={IconPhotoSearch} title={t('explore.nothing')}>
        {t('explore.nothingText')}
      </EmptyState>
    )
  return (
    <TileGrid
      key={JSON.stringify(search)}
      tiles={tiles}
      label={t(`explore.gallery.${kindOf(search)}`)}
      onEnd={() => gallery.hasNextPage && !gallery.isFetchingNextPage && void gallery.fetchNextPage()}
      onOpen={open}
      onLike={onLike}
    />
  )
}
