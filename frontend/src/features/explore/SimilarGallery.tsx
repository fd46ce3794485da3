/** What looks like one frame or label, nearest first; the one itself stands at the head. */
import { Alert, Button, Group, Skeleton, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { isApiError } from '../../api/client'
import { useRight } from '../../api/me'
import { ErrorNote } from '../../ui/ErrorNote'
import { coverageQuery, similarQuery, useIndexFeatures } from './queries'
import type { ExploreSearch } from './search'
import { TileGrid } from './TileGrid'
import { type Like, tileOf } from './tiles'
import { useOpen } from './useOpen'

interface SimilarGalleryProps {
  search: ExploreSearch
  /** Without a frame or label, back to all. */
  onLike: (like: Like | Record<string, never>) => void
}

export function SimilarGallery({ search, onLike }: SimilarGalleryProps) {
  const { t } = useTranslation()
  const similar = useQuery(similarQuery(search))
  const open = useOpen()
  const tiles = [...(similar.data?.frames ?? []), ...(similar.data?.crops ?? [])].map(tileOf)
  return (
    <>
      <Group gap="sm" mb="sm">
        <Button variant="default" size="xs" leftSection={<IconArrowLeft size={14} />} onClick={() => onLike({})}>
          {t('explore.back')}
        </Button>
        <Text size="sm">{t('explore.alike')}</Text>
      </Group>
      {isApiError(similar.error, 'not_indexed') ? (
        <NotIndexed />
      ) : (
        similar.error && <ErrorNote error={similar.error} retry={() => void similar.refetch()} />
      )}
      {similar.isPending && <Skeleton h={320} />}
      {similar.data && (
        <TileGrid
          key={JSON.stringify(search)}
          tiles={tiles}
          label={t('explore.alike')}
          onEnd={() => undefined}
          onOpen={open}
          onLike={onLike}
        />
      )}
    </>
  )
}

function NotIndexed() {
  const { t } = useTranslation()
  const coverage = useQuery(coverageQuery)
  const index = useIndexFeatures()
  const may = useRight('prelabel.run')
  return (
    <Alert color="gray" variant="light" title={t('explore.notIndexed')}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {index.isSuccess
            ? t('explore.indexing')
            : t('explore.notIndexedText', { frames: coverage.data?.frames ?? 0, labels: coverage.data?.labels ?? 0 })}
        </Text>
        <Button size="xs" onClick={() => index.mutate()} loading={index.isPending} disabled={!may || index.isSuccess}>
          {t('explore.index')}
        </Button>
      </Group>
    </Alert>
  )
}
