/** `/audit`: what waits for an audit, by drive, and the way to the desk. */

import { Alert, Badge, Button, Card, Group, Loader, Select, Stack, Table, Text, Title } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AuditSummary } from '../../api/types'
import { DeskApi } from './session/deskApi'

const api = new DeskApi()

/** Another person's decisions show here without a reload. */
const REFRESH_MS = 15_000

export function AuditPage({ drive }: { drive: number | null }) {
  const summary = useQuery({
    queryKey: ['audit', 'summary', drive],
    queryFn: () => api.summary(drive),
    refetchInterval: REFRESH_MS,
  })
  if (summary.isError)
    return (
      <Alert color="red" title="The queue could not be read">
        {summary.error.message}
      </Alert>
    )
  if (!summary.data) return <Loader aria-label="Reading the queue" />
  return summary.data.drives.length === 0 ? <NothingYet /> : <Waiting summary={summary.data} drive={drive} />
}

function Waiting({ summary, drive }: { summary: AuditSummary; drive: number | null }) {
  const [category, setCategory] = useState<number | null>(null)
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>Audit</Title>
          <Text c="dimmed">Riskiest frames first. Each is lent to one person at a time.</Text>
        </div>
        <Group>
          <CategoryFilter value={category} onChange={setCategory} />
          <StartButton drive={drive} category={category} disabled={summary.open_frames === 0} />
        </Group>
      </Group>
      <Group grow>
        <Figure label="Frames to audit" value={summary.open_frames} />
        <Figure label="Boxes to decide" value={summary.open_boxes} />
        <Figure label="Frames audited" value={summary.audited_frames} />
        <Figure label="My decisions today" value={summary.my_decisions_today} />
      </Group>
      <DriveTable summary={summary} category={category} />
    </Stack>
  )
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {value.toLocaleString()}
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

interface StartButtonProps {
  drive: number | null
  category: number | null
  disabled: boolean
}

function StartButton({ drive, category, disabled }: StartButtonProps) {
  const search = { ...(drive !== null && { drive }), ...(category !== null && { category }) }
  if (disabled) return <Button disabled>Start auditing</Button>
  return (
    <Button component={Link} to="/audit/desk" search={search} rightSection={<IconArrowRight size={16} />}>
      Start auditing
    </Button>
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
            <Table.Td fw={600}>{drive.name}</Table.Td>
            <Table.Td ta="right">{drive.open_frames.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{drive.audited_frames.toLocaleString()}</Table.Td>
            <Table.Td ta="right">{drive.open_frames > 0 ? (drive.top_risk ?? 0).toFixed(2) : '–'}</Table.Td>
            <Table.Td ta="right">
              {drive.open_frames > 0 ? (
                <Button
                  component={Link}
                  to="/audit/desk"
                  search={{ drive: drive.id, ...(category !== null && { category }) }}
                  size="compact-sm"
                  variant="light"
                >
                  Audit
                </Button>
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
    <Stack align="center" py="xl" gap="sm">
      <Title order={2}>Nothing to audit yet</Title>
      <Text c="dimmed" ta="center" maw={460}>
        Frames come here when a model has pre-labelled them, riskiest first. Upload footage to a drive and pre-label it.
      </Text>
      <Button component={Link} to="/drives">
        Go to the drives
      </Button>
    </Stack>
  )
}
