/** `/audit`: what waits for an audit, by drive, and the way to the desk. */

import { Alert, Badge, Card, SimpleGrid, Skeleton, Stack, Table, Text } from '@mantine/core'
import {
  IconArrowRight,
  IconChecklist,
  IconCloudUpload,
  IconLayoutGrid,
  IconRoute,
  IconZoomQuestion,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import type { AuditSummary } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAbout, formatCount } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { ReturnedToMe } from '../review/ReturnedToMe'
import { ReviewState } from '../review/ReviewState'
import { AssignedToMe } from '../team/AssignedToMe'
import { CategoryFilter } from './CategoryFilter'
import { FromNothing } from './FromNothing'
import { type Light, LightFilter } from './LightFilter'
import { type JournalEntry, openJournal, ownerOf } from './saving/journal'
import { DeskApi } from './session/deskApi'

const api = new DeskApi()

/** Another person's decisions show here without a reload. */
const REFRESH_MS = 15_000

export function AuditPage({ drive }: { drive: number | null }) {
  const { t } = useTranslation()
  const [category, setCategory] = useState<number | null>(null)
  const [light, setLight] = useState<Light | null>(null)
  const summary = useQuery({
    queryKey: ['audit', 'summary', drive],
    queryFn: () => api.summary(drive),
    refetchInterval: REFRESH_MS,
  })
  const waiting = summary.data !== undefined && summary.data.open_frames > 0
  return (
    <>
      <PageHeader
        title={t('audit.title')}
        lead={t('audit.lead')}
        actions={
          <>
            <FromNothing drive={drive} frames={summary.data?.new_frames ?? 0} />
            {waiting && (
              <>
                <CategoryFilter
                  label={t('audit.categoryFilter')}
                  placeholder={t('audit.anyCategory')}
                  value={category}
                  onChange={setCategory}
                />
                <LightFilter value={light} onChange={setLight} />
                <ButtonLink
                  to="/audit/grid"
                  search={search(drive, category)}
                  variant="default"
                  leftSection={<IconLayoutGrid size={16} />}
                >
                  {t('grid.open')}
                </ButtonLink>
                {summary.data && summary.data.missed_candidates > 0 && (
                  <ButtonLink
                    to="/audit/grid"
                    search={{ drive: drive ?? undefined, missed: true }}
                    variant="default"
                    leftSection={<IconZoomQuestion size={16} />}
                  >
                    {t('missed.enter', { count: summary.data.missed_candidates })}
                  </ButtonLink>
                )}
                <ButtonLink
                  to="/audit/track"
                  search={{ drive: drive ?? summary.data?.drives[0]?.id }}
                  variant="default"
                  leftSection={<IconRoute size={16} />}
                >
                  {t('track.enter')}
                </ButtonLink>
                <ButtonLink
                  to="/audit/desk"
                  search={search(drive, category, light)}
                  rightSection={<IconArrowRight size={16} />}
                >
                  {t('audit.start')}
                </ButtonLink>
              </>
            )}
          </>
        }
      />
      <Unsent />
      <ReturnedToMe />
      <AssignedToMe />
      <ReviewState team />
      {summary.isError && <ErrorNote error={summary.error} retry={() => void summary.refetch()} />}
      {summary.isPending && <Skeleton h={280} />}
      {summary.data && <Queue summary={summary.data} category={category} light={light} />}
    </>
  )
}

/** Work that an earlier sitting could not send stays in this browser until a desk opens again. */
function Unsent() {
  const { t } = useTranslation()
  const me = useMe()
  const waiting = useQuery({
    queryKey: ['audit', 'unsent', me?.id],
    queryFn: async () => (me ? (await openJournal().read(ownerOf(me))).filter(isUnsent).length : 0),
    refetchInterval: REFRESH_MS,
  })
  if (!waiting.data) return null
  return (
    <Alert color="orange" mb="lg" icon={<IconCloudUpload size={18} />}>
      {t('audit.unsent', { count: waiting.data })}
    </Alert>
  )
}

const isUnsent = ({ status }: JournalEntry): boolean => status === 'waiting' || status === 'sent'

interface QueueProps {
  readonly summary: AuditSummary
  readonly category: number | null
  readonly light: Light | null
}

function Queue({ summary, category, light }: QueueProps) {
  const { t } = useTranslation()
  if (summary.open_frames + summary.audited_frames + summary.new_frames === 0) return <NothingYet />
  return (
    <Stack gap="lg">
      <SimpleGrid cols={4}>
        <Figure label={t('audit.framesOpen')} value={summary.open_frames} />
        <Figure label={t('audit.boxesOpen')} value={summary.open_boxes} exactUpTo={10_000} />
        <Figure label={t('audit.framesAudited')} value={summary.audited_frames} />
        <Figure label={t('audit.decisionsToday')} value={summary.my_decisions_today} />
      </SimpleGrid>
      <DriveTable summary={summary} category={category} light={light} />
    </Stack>
  )
}

const search = (drive: number | null, category: number | null, light: Light | null = null): Search => ({
  ...(drive !== null && { drive }),
  ...(category !== null && { category }),
  ...(light !== null && { light }),
})

type Search = { drive?: number; category?: number; light?: Light }

interface FigureProps {
  label: string
  value: number
  /** Above it the server counts about. */
  exactUpTo?: number
}

function Figure({ label, value, exactUpTo }: FigureProps) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatAbout(value, exactUpTo)}
      </Text>
    </Card>
  )
}

function DriveTable({ summary, category, light }: QueueProps) {
  const { t } = useTranslation()
  return (
    <Table verticalSpacing="sm" aria-label={t('audit.drives')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('audit.drive')}</Table.Th>
          <Table.Th ta="right">{t('audit.open')}</Table.Th>
          <Table.Th ta="right">{t('audit.audited')}</Table.Th>
          <Table.Th ta="right">{t('audit.topRisk')}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {summary.drives.map((drive) => (
          <Table.Tr key={drive.id}>
            <Table.Td fw={600}>
              <TextLink to="/drives/$driveId" params={{ driveId: String(drive.id) }}>
                {drive.name}
              </TextLink>
            </Table.Td>
            <Table.Td ta="right">{formatCount(drive.open_frames)}</Table.Td>
            <Table.Td ta="right">{formatCount(drive.audited_frames)}</Table.Td>
            <Table.Td ta="right">{drive.open_frames > 0 ? (drive.top_risk ?? 0).toFixed(2) : '–'}</Table.Td>
            <Table.Td ta="right">
              <FromNothing drive={drive.id} frames={drive.new_frames} small />
              {drive.open_frames > 0 ? (
                <ButtonLink
                  to="/audit/desk"
                  search={search(drive.id, category, light)}
                  size="compact-sm"
                  variant="light"
                >
                  {t('audit.audit')}
                </ButtonLink>
              ) : (
                <Badge variant="light" color="gray">
                  {drive.new_frames > 0 ? t('audit.notPrelabelled') : t('audit.done')}
                </Badge>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function NothingYet() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={IconChecklist}
      title={t('audit.nothingYet')}
      action={<ButtonLink to="/drives">{t('audit.toDrives')}</ButtonLink>}
    >
      {t('audit.nothingYetText')}
    </EmptyState>
  )
}
