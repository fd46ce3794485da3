/** The drive's files: what each became, or the named reason why not. */
import { Badge, Button, Skeleton, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Clip, ClipState, Drive } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatBytes, formatCount, formatDuration } from '../../ui/format'
import { JobProgress } from '../jobs/JobProgress'
import { ClipProblems } from './ClipProblems'
import { clipsQuery, isBusy, useRetryClip } from './queries'

const COLOURS: Record<ClipState, string> = {
  uploaded: 'gray',
  ingesting: 'blue',
  ready: 'teal',
  failed: 'red',
  duplicate: 'yellow',
}
/** A folder of images is one clip a file: show the first ones, the rest on request. */
const SHOWN_AT_FIRST = 8

export function ClipTable({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const clips = useQuery(clipsQuery(drive.id, isBusy(drive)))
  if (clips.isError) return <ErrorNote error={clips.error} retry={() => void clips.refetch()} />
  if (!clips.data) return <Skeleton h={80} />
  const rows = failedFirst(clips.data.results)
  if (rows.length === 0) return null
  return (
    <section>
      <Title order={2} size="h4" mb={4}>
        {t('footage.clips')}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('footage.file')}</Table.Th>
            <Table.Th w={110}>{t('footage.stateColumn')}</Table.Th>
            <Table.Th ta="right" w={90}>
              {t('footage.size')}
            </Table.Th>
            <Table.Th w={200}>{t('footage.picture')}</Table.Th>
            <Table.Th ta="right" w={90}>
              {t('footage.frames')}
            </Table.Th>
            <Table.Td w={90} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, all ? rows.length : SHOWN_AT_FIRST).map((clip) => (
            <ClipRow key={clip.id} clip={clip} clips={rows} />
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > SHOWN_AT_FIRST && (
        <Button variant="subtle" size="compact-sm" mt={4} onClick={() => setAll(!all)}>
          {all ? t('footage.fewerClips') : t('footage.allClips', { count: rows.length })}
        </Button>
      )}
    </section>
  )
}

function ClipRow({ clip, clips }: { clip: Clip; clips: Clip[] }) {
  const { t } = useTranslation()
  const retry = useRetryClip(clip.drive)
  const mayRetry = useRight('footage.write')
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" truncate maw={420} title={clip.filename}>
          {clip.filename}
        </Text>
        <Remark clip={clip} clips={clips} />
        {clip.job && <JobProgress job={clip.job} />}
      </Table.Td>
      <Table.Td>
        <Badge size="sm" variant="light" color={COLOURS[clip.state]}>
          {t(`footage.clipState.${clip.state}`)}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">{formatBytes(clip.size)}</Table.Td>
      <Table.Td>{pictureOf(clip)}</Table.Td>
      <Table.Td ta="right">{formatCount(clip.frames)}</Table.Td>
      <Table.Td ta="right">
        {clip.state === 'failed' && mayRetry && (
          <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate(clip.id)}>
            {t('common.tryAgain')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Remark({ clip, clips }: { clip: Clip; clips: Clip[] }) {
  const { t } = useTranslation()
  if (clip.state === 'failed')
    return (
      <Text size="xs" c="red">
        {clip.error_detail} <code>{clip.error_code}</code>
      </Text>
    )
  if (clip.state === 'duplicate')
    return (
      <Text size="xs" c="dimmed">
        {duplicateText(clip, clips, t)}
      </Text>
    )
  return (
    <>
      {clip.blurred_places !== null && (
        <Text size="xs" c="dimmed">
          {t('footage.blurred', { count: clip.blurred_places })}
        </Text>
      )}
      {clip.problems.length > 0 && <ClipProblems problems={clip.problems} />}
    </>
  )
}

function duplicateText(clip: Clip, clips: Clip[], t: TFunction): string {
  const first = clips.find(({ id }) => id === clip.duplicate_of)
  return first ? t('footage.duplicateOf', { name: first.filename }) : t('footage.duplicate')
}

function pictureOf({ width, height, fps, duration_ms }: Clip): string {
  if (!width || !height) return '–'
  const video = duration_ms ? [formatDuration(duration_ms / 1000), fps ? `${fps.toFixed(0)} fps` : ''] : []
  return [`${width} × ${height}`, ...video].filter(Boolean).join(' · ')
}

/** What needs a person comes first. */
function failedFirst(clips: Clip[]): Clip[] {
  return [...clips].sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'))
}
