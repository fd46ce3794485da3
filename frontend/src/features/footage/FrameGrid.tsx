/** The drive's frames as thumbnails, only those on the screen in the document. They appear while the ingest runs. */
import { Group, Loader, SegmentedControl, Select, Skeleton, Text, Title } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { IconPhotoSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Drive, FrameRow, FrameState } from '../../api/types'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { FrameTile } from './FrameTile'
import classes from './footage.module.css'
import { type FrameOrder, framesQuery, isBusy } from './queries'

const TILE_WIDTH = 190
const GAP = 10
const TEXT_HEIGHT = 31

export function FrameGrid({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const [state, setState] = useState<FrameState | null>(null)
  const [order, setOrder] = useState<FrameOrder>('drive')
  const frames = useInfiniteQuery(framesQuery({ drive: drive.id, state, order }, isBusy(drive)))
  const rows = frames.data?.pages.flatMap((page) => page.results) ?? []
  return (
    <section aria-label={t('footage.frames')}>
      <Group justify="space-between" mb="sm">
        <Group gap="xs">
          <Title order={2} size="h4">
            {t('footage.frames')}
          </Title>
          {isBusy(drive) && <Loader size={14} aria-label={t('footage.busy')} />}
        </Group>
        <Group gap="xs">
          <StateFilter value={state} onChange={setState} />
          <SegmentedControl
            size="xs"
            aria-label={t('footage.order')}
            value={order}
            onChange={(value) => setOrder(value as FrameOrder)}
            data={[
              { value: 'drive', label: t('footage.byTime') },
              { value: 'risk', label: t('footage.byRisk') },
            ]}
          />
        </Group>
      </Group>
      {frames.isError && <ErrorNote error={frames.error} retry={() => void frames.refetch()} />}
      {frames.isPending && <Skeleton h={280} />}
      {frames.data && rows.length === 0 && <NoFrames drive={drive} filtered={state !== null} />}
      <Tiles
        frames={rows}
        onEnd={() => frames.hasNextPage && !frames.isFetchingNextPage && void frames.fetchNextPage()}
      />
    </section>
  )
}

const FILTERS: readonly FrameState[] = ['new', 'prelabelled', 'in_audit', 'audited', 'reopened', 'excluded']

function StateFilter({ value, onChange }: { value: FrameState | null; onChange: (state: FrameState | null) => void }) {
  const { t } = useTranslation()
  return (
    <Select
      size="xs"
      w={150}
      clearable
      placeholder={t('footage.anyState')}
      aria-label={t('footage.filterState')}
      data={FILTERS.map((state) => ({ value: state, label: t(`footage.state.${state}`) }))}
      value={value}
      onChange={(chosen) => onChange(chosen as FrameState | null)}
    />
  )
}

function Tiles({ frames, onEnd }: { frames: FrameRow[]; onEnd: () => void }) {
  const grid = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize()
  const ref = useMergedRef(grid, sized)
  const columns = Math.max(1, Math.floor((width + GAP) / (TILE_WIDTH + GAP)))
  const tileWidth = (width - GAP * (columns - 1)) / columns
  const rowCount = Math.ceil(frames.length / columns)
  const virtual = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => (tileWidth * 9) / 16 + TEXT_HEIGHT + GAP,
    overscan: 4,
    scrollMargin: grid.current?.offsetTop ?? 0,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new width means new heights
  useEffect(() => virtual.measure(), [virtual, tileWidth])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= rowCount - 3 && rowCount > 0) onEnd()
  })
  return (
    <div ref={ref} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
      {width > 0 &&
        items.map(({ index, start }) => (
          <div
            key={index}
            className={classes.gridRow}
            style={{
              gridTemplateColumns: `repeat(${columns}, 1fr)`,
              transform: `translateY(${start - virtual.options.scrollMargin}px)`,
            }}
          >
            {frames.slice(index * columns, (index + 1) * columns).map((frame) => (
              <FrameTile key={frame.id} frame={frame} />
            ))}
          </div>
        ))}
    </div>
  )
}

function NoFrames({ drive, filtered }: { drive: Drive; filtered: boolean }) {
  const { t } = useTranslation()
  if (filtered)
    return (
      <Text size="sm" c="dimmed">
        {t('footage.noFramesState')}
      </Text>
    )
  return (
    <EmptyState icon={IconPhotoSearch} title={t(isBusy(drive) ? 'footage.framesComing' : 'footage.noFrames')}>
      {t(isBusy(drive) ? 'footage.framesComingText' : 'footage.noFramesText')}
    </EmptyState>
  )
}
