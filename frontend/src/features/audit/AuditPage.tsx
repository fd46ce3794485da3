/** `/audit`: what waits for an audit, by drive, and the way to the desk. */

import { Alert, Badge, Card, Select, SimpleGrid, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconArrowRight, IconChecklist, IconCloudUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../api/me'
import type { AuditSummary } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { type JournalEntry, openJournal, ownerOf } from './saving/journal'
import { DeskApi } from './session/deskApi'

const api = new DeskApi()

/** Another person's decisions show here without a reload. */
const REFRESH_MS = 15_000

export function AuditPage({ drive }: { drive: number | null }) {
  const [category, setCategory] = useState<number | null>(null)
  const summary = useQuery({
    queryKey: ['audit', 'summary', drive],
    queryFn: () => api.summary(drive),
    refetchInterval: REFRESH_MS,
  })
  const waiting = summary.data !== undefined && summary.data.open_frames > 0
  return (
    <>
      <PageHeader
        title="Audit"
        lead="Riskiest frames first. Each is lent to one person at a time."
        actions={
          waiting && (
            <>
              <CategoryFilter value={category} onChange={setCategory} />
              <ButtonLink
                to="/audit/desk"
                search={deskSearch(drive, category)}
                rightSection={<IconArrowRight size={16} />}
              >
                Start auditing
              </ButtonLink>
            </>
          )
        }
      />
      <Unsent />
      {summary.isError && <ErrorNote error={summary.error} retry={() => void summary.refetch()} />}
      {summary.isPending && <Skeleton h={280} />}
      {summary.data && <Queue summary={summary.data} category={category} />}
    </>
  )
}

/** Work that an earlier sitting could not send stays in this browser until a desk opens again. */
function Unsent() {
  const me = useMe()
  const waiting = useQuery({
    queryKey: ['audit', 'unsent', me?.id],
    queryFn: async () => (me ? (await openJournal().read(ownerOf(me))).filter(isUnsent).length : 0),
    refetchInterval: REFRESH_MS,
  })
  if (!waiting.data) return null
  return (
    <Alert color="orange" mb="lg" icon={<IconCloudUpload size={18} />}>
      {waiting.data} changes of an earlier sitting wait in this browser. The desk sends them when it opens.
    </Alert>
  )
}

const isUnsent = ({ status }: JournalEntry): boolean => status === 'waiting' || status === 'sent'

function Queue({ summary, category }: { summary: AuditSummary; category: number | null }) {
  if (summary.open_frames + summary.audited_frames === 0) return <NothingYet />
  return (
    <Stack gap="lg">
      <SimpleGrid cols={4}>
        <Figure label="Frames to audit" value={summary.open_frames} />
        <Figure label="Boxes to decide" value={summary.open_boxes} />
        <Figure label="Frames audited" value={summary.audited_frames} />
        <Figure label="My decisions today" value={summary.my_decisions_today} />
      </SimpleGrid>
      <DriveTable summary={summary} category={category} />
    </Stack>
  )
}

const deskSearch = (drive: number | null, category: number | null): { drive?: number; category?: number } => ({
  ...(drive !== null && { drive }),
  ...(category !== null && { category }),
})

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {formatCount(value)}
      </Text>
    </Card>
  )
}

function CategoryFilter({ value, onChange }: { value: number | null; onChange: (category: number | null) => void }) {
  const taxonomies = useQuery({ queryKey: ['audit', 'taxonomies'], queryFn: () => api.taxonomies() })
  const groups = (taxonomies.data ?? []).map(({ name, version, categories }) => ({
    group: `${name} v${version}`,
    items: categories.map((category) => ({ value: String(category.id), label: category.name })),
  }))
  return (
    <Select
      aria-label="Only frames with boxes of this category"
      placeholder="Any category"
      clearable
      searchable
      data={groups}
      value={value === null ? null : String(value)}
      onChange={(chosen) => onChange(chosen === null ? null : Number(chosen))}
    />
  )
}

function DriveTable({ summary, category }: { summary: AuditSummary; category: number | null }) {
  return (
    <Table verticalSpacing="sm" aria-label="Drives">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Drive</Table.Th>
          <Table.Th ta="right">To audit</Table.Th>
          <Table.Th ta="right">Audited</Table.Th>
          <Table.Th ta="right">Highest risk</Table.Th>
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
              {drive.open_frames > 0 ? (
                <ButtonLink to="/audit/desk" search={deskSearch(drive.id, category)} size="compact-sm" variant="light">
                  Audit
                </ButtonLink>
              ) : (
                <Badge variant="light" color="gray">
                  {drive.audited_frames > 0 ? 'done' : 'not pre-labelled'}
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
  return (
    <EmptyState
      icon={IconChecklist}
      title="Nothing to audit yet"
      action={<ButtonLink to="/drives">Go to the drives</ButtonLink>}
    >
      Frames come here when a model has pre-labelled them, riskiest first. Upload footage to a drive and pre-label it.
    </EmptyState>
  )
}
