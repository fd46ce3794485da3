/** `/audit/review?stage=&drive=&annotator=`: frames by stage of review, and the conversations that are open. */
import { SegmentedControl, Skeleton, Table, Text } from '@mantine/core'
import { IconGavel } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReviewRow, ReviewStage, Thread } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { thumbnailUrl } from '../audit/session/deskApi'
import { openThreadsQuery, reviewFramesQuery, reviewSummaryQuery, type Whose } from './queries'
import classes from './reviewPage.module.css'
import { type ReviewList, type ReviewSearch, STAGES } from './search'

export function ReviewPage() {
  const { t } = useTranslation()
  const { stage = 'unreviewed', ...whose }: ReviewSearch = useSearch({ strict: false })
  return (
    <>
      <PageHeader
        title={t('review.title')}
        lead={t('review.lead')}
        above={<TextLink to="/audit">{t('audit.title')}</TextLink>}
      />
      <Lists stage={stage} whose={whose} />
      {Object.keys(whose).length > 0 && <OnlyPart stage={stage} whose={whose} />}
      {stage === 'comments' ? <OpenThreads whose={whose} /> : <Frames stage={stage} whose={whose} />}
    </>
  )
}

function Lists({ stage, whose }: { stage: ReviewList; whose: Whose }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const counts = useQuery(reviewSummaryQuery).data
  const counted = (label: string, count: number | undefined): string =>
    Object.keys(whose).length === 0 && count !== undefined ? `${label} (${count})` : label
  return (
    <SegmentedControl
      mb="md"
      aria-label={t('review.which')}
      value={stage}
      onChange={(value) => void navigate({ to: '/audit/review', search: { stage: value as ReviewList, ...whose } })}
      data={[
        ...STAGES.map((one) => ({ value: one, label: counted(t(`review.stage.${one}`), counts?.[one]) })),
        { value: 'comments', label: counted(t('review.openComments'), counts?.open_threads) },
      ]}
    />
  )
}

/** A list that leaves something out says so, and how to have all of it. */
function OnlyPart({ stage, whose: { drive, annotator } }: { stage: ReviewList; whose: Whose }) {
  const { t } = useTranslation()
  const of = drive && annotator ? 'both' : drive ? 'drive' : 'annotator'
  return (
    <Text size="sm" c="dimmed" mb="sm">
      {t(`review.only.${of}`)}{' '}
      <TextLink to="/audit/review" search={{ stage }} underline="always">
        {t('review.only.all')}
      </TextLink>
    </Text>
  )
}

function Frames({ stage, whose }: { stage: ReviewStage; whose: Whose }) {
  const { t } = useTranslation()
  const frames = useQuery(reviewFramesQuery(stage, whose))
  if (frames.isError) return <ErrorNote error={frames.error} retry={() => void frames.refetch()} />
  if (!frames.data) return <Skeleton h={280} />
  if (frames.data.results.length === 0)
    return (
      <EmptyState icon={IconGavel} title={t('review.noFrames')}>
        {t(`review.stageText.${stage}`)}
      </EmptyState>
    )
  return (
    <Table verticalSpacing="xs" aria-label={t('review.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('review.frame')}</Table.Th>
          <Table.Th>{t('review.auditedBy')}</Table.Th>
          <Table.Th>{t('review.lastVerdict')}</Table.Th>
          <Table.Th ta="right">{t('review.openComments')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {frames.data.results.map((row) => (
          <FrameLine key={row.id} row={row} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function FrameLine({ row }: { row: ReviewRow }) {
  const { t } = useTranslation()
  const { review } = row
  return (
    <Table.Tr>
      <Table.Td>
        <span className={classes.frame}>
          <img src={thumbnailUrl(row.id)} alt="" loading="lazy" />
          <span>
            {row.drive_name}, {row.name}
          </span>
        </span>
      </Table.Td>
      <Table.Td>{row.annotator?.name ?? '–'}</Table.Td>
      <Table.Td>
        {review
          ? `${t(`review.past.${review.verdict}`, { by: review.by.name, to: review.annotator?.name })}, ${formatAgo(review.created_at)}${review.text && `: ${review.text}`}`
          : '–'}
      </Table.Td>
      <Table.Td ta="right">{row.open_threads}</Table.Td>
      <Table.Td ta="right">
        <ButtonLink to="/audit/desk" search={{ frame: row.id }} size="compact-sm" variant="light">
          {t('review.look')}
        </ButtonLink>
      </Table.Td>
    </Table.Tr>
  )
}

function OpenThreads({ whose }: { whose: Whose }) {
  const { t } = useTranslation()
  const threads = useQuery(openThreadsQuery(whose))
  if (threads.isError) return <ErrorNote error={threads.error} retry={() => void threads.refetch()} />
  if (!threads.data) return <Skeleton h={280} />
  if (threads.data.results.length === 0)
    return (
      <EmptyState icon={IconGavel} title={t('review.noThreads')}>
        {t('review.noThreadsText')}
      </EmptyState>
    )
  return (
    <Table verticalSpacing="xs" aria-label={t('review.openComments')}>
      <Table.Tbody>
        {threads.data.results.map((thread) => (
          <ThreadLine key={thread.id} thread={thread} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function ThreadLine({ thread }: { thread: Thread }) {
  const { t } = useTranslation()
  const last = thread.comments.at(-1)
  return (
    <Table.Tr>
      <Table.Td>
        <span className={classes.frame}>
          <img src={thumbnailUrl(thread.frame)} alt="" loading="lazy" />
          <span>
            {thread.drive_name}, {thread.frame_name}
          </span>
        </span>
      </Table.Td>
      <Table.Td>{last && `${last.author.name}, ${formatAgo(last.created_at)}: ${last.text}`}</Table.Td>
      <Table.Td ta="right">{t('review.said', { count: thread.comments.length })}</Table.Td>
      <Table.Td ta="right">
        <ButtonLink to="/audit/desk" search={{ frame: thread.frame }} size="compact-sm" variant="light">
          {t('review.look')}
        </ButtonLink>
      </Table.Td>
    </Table.Tr>
  )
}
