/** Any frame of any drive: by its place, a step, or a page. */
import { ActionIcon, Group, NumberInput, Select, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Drive } from '../../api/types'
import { formatCount } from '../../ui/format'
import { framesOfQuery } from './queries'

export interface Place {
  drive: number | null
  /** Of the frame within the drive, from 0 on. */
  at: number
}

/** The frame at a place; null until its page of the drive is read. */
export function useFrameAt({ drive, at }: Place): { frame: number | null; error: Error | null } {
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(framesOfQuery(drive))
  const rows = data?.pages.flatMap(({ results }) => results) ?? []
  useEffect(() => {
    if (rows.length <= at && hasNextPage && !isFetching) void fetchNextPage()
  }, [rows.length, at, hasNextPage, isFetching, fetchNextPage])
  return { frame: rows[at]?.id ?? null, error }
}

interface FrameChoiceProps {
  drives: readonly Drive[]
  place: Place
  onPlace: (place: Place) => void
}

export function FrameChoice({ drives, place, onPlace }: FrameChoiceProps) {
  const { t } = useTranslation()
  const frames = drives.find(({ id }) => id === place.drive)?.counts.frames ?? 0
  const to = (at: number) => onPlace({ ...place, at: Math.min(frames - 1, Math.max(0, at)) })
  return (
    <>
      <Select
        label={t('edge.drive')}
        searchable
        allowDeselect={false}
        data={drives.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={place.drive === null ? null : String(place.drive)}
        onChange={(value) => onPlace({ drive: Number(value), at: 0 })}
      />
      <Group gap={4} align="end">
        <ActionIcon variant="default" size="lg" aria-label={t('edge.previous')} onClick={() => to(place.at - 1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <NumberInput
          label={t('edge.frame')}
          w={120}
          min={1}
          max={frames}
          allowDecimal={false}
          rightSection={
            <Text size="sm" c="dimmed">
              / {formatCount(frames)}
            </Text>
          }
          rightSectionWidth={64}
          rightSectionPointerEvents="none"
          value={frames > 0 ? place.at + 1 : ''}
          onChange={(value) => typeof value === 'number' && to(value - 1)}
        />
        <ActionIcon variant="default" size="lg" aria-label={t('edge.next')} onClick={() => to(place.at + 1)}>
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
    </>
  )
}
