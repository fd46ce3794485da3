/** The frames behind a count of a comparison, a page at a time, each with what happened to its boxes. */
import { Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeKind, ComparedFrame } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { comparedFramesQuery, PAGE } from './versionQueries'

interface ComparedFramesProps {
  from: number
  to: number
  kind: ChangeKind
  count: number
}

export function ComparedFrames({ from, to, kind, count }: ComparedFramesProps) {
  const { t } = useTranslation()
  const [start, go] = useState(0)
  const frames = useQuery({ ...comparedFramesQuery(from, to, kind, start), placeholderData: keepPreviousData })
  if (frames.error) return <ErrorNote error={frames.error} retry={() => void frames.refetch()} />
  if (!frames.data) return <Skeleton h={200} />
  return (
    <>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('versions.frame')}</Table.Th>
            <Table.Th>{t('versions.splitColumn')}</Table.Th>
            <Table.Th ta="right">{t('versions.boxes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {frames.data.map((frame) => (
            <FrameRow key={`${frame.name} ${frame.sha256}`} frame={frame} />
          ))}
        </Table.Tbody>
      </Table>
      {count > PAGE && (
        <Group gap="sm">
          <Button size="xs" variant="default" disabled={start === 0} onClick={() => go(start - PAGE)}>
            {t('versions.previousPage')}
          </Button>
          <Text size="sm" c="dimmed" aria-live="polite">
            {start + 1}–{Math.min(start + PAGE, count)} / {count}
          </Text>
          <Button size="xs" variant="default" disabled={start + PAGE >= count} onClick={() => go(start + PAGE)}>
            {t('versions.nextPage')}
          </Button>
        </Group>
      )}
    </>
  )
}

function FrameRow({ frame: { frame, name, boxes, ...splits } }: { frame: ComparedFrame }) {
  const { t } = useTranslation()
  const told = (['came', 'went', 'changed'] as const).filter((kind) => boxes[kind] > 0)
  const [before, after] = [splits.split_before, splits.split_after]
  return (
    <Table.Tr>
      <Table.Td>
        {frame === null ? (
          name
        ) : (
          <TextLink to="/audit/desk" search={{ frame }} fz="sm">
            {name}
          </TextLink>
        )}
      </Table.Td>
      <Table.Td>{before && after && before !== after ? `${before} → ${after}` : (after ?? before)}</Table.Td>
      <Table.Td ta="right">
        {told.map((kind) => `${boxes[kind]} ${t(`versions.kind.${kind}`)}`).join(', ') || '–'}
      </Table.Td>
    </Table.Tr>
  )
}
