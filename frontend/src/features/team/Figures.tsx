/** Who did what, how fast, and what came back; every number leads to what it counts. */
import { Group, SegmentedControl, Skeleton, Table, Title, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TeamRow } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { teamQuery } from './queries'

const DAYS = [1, 7, 30]

export function Figures() {
  const { t } = useTranslation()
  const [days, setDays] = useState(7)
  const team = useQuery(teamQuery(days))
  return (
    <section aria-labelledby="figures">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="figures">
          {t('team.figures')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('team.days')}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          data={DAYS.map((count) => ({ value: String(count), label: t('team.lastDays', { count }) }))}
        />
      </Group>
      {team.isError && <ErrorNote error={team.error} retry={() => void team.refetch()} />}
      {team.isPending && <Skeleton h={160} />}
      {team.data && <Rows rows={team.data} days={days} />}
    </section>
  )
}

function Rows({ rows, days }: { rows: TeamRow[]; days: number }) {
  const { t } = useTranslation()
  return (
    <Table verticalSpacing="xs" aria-labelledby="figures" style={{ fontVariantNumeric: 'tabular-nums' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('team.person')}</Table.Th>
          <Table.Th ta="right">{t('team.decisions')}</Table.Th>
          <Table.Th ta="right">
            <Tooltip label={t('team.perHourText')}>
              <span>{t('team.perHour')}</span>
            </Tooltip>
          </Table.Th>
          <Table.Th ta="right">{t('team.median')}</Table.Th>
          <Table.Th ta="right">
            <Tooltip label={t('team.sensitivityText')}>
              <span>{t('team.sensitivity')}</span>
            </Tooltip>
          </Table.Th>
          <Table.Th ta="right">{t('team.returned')}</Table.Th>
          <Table.Th ta="right">{t('team.openComments')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Row key={row.user.id} row={row} days={days} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Row({ row, days }: { row: TeamRow; days: number }) {
  const { user, decisions, per_hour, median_s, returned, open_comments } = row
  const events = (text: string) => (
    <TextLink to="/audit/team/decisions" search={{ user: user.id, days }}>
      {text}
    </TextLink>
  )
  const inReview = (stage: 'returned' | 'comments', count: number) => (
    <TextLink to="/audit/review" search={{ stage, annotator: user.id }}>
      {formatCount(count)}
    </TextLink>
  )
  return (
    <Table.Tr>
      <Table.Td>{user.name}</Table.Td>
      <Table.Td ta="right">{events(formatCount(decisions))}</Table.Td>
      <Table.Td ta="right">{per_hour === null ? '–' : events(formatCount(per_hour))}</Table.Td>
      <Table.Td ta="right">{median_s === null ? '–' : events(median_s.toFixed(1))}</Table.Td>
      <Table.Td ta="right">
        <Sensitivity row={row} />
      </Table.Td>
      <Table.Td ta="right">{inReview('returned', returned)}</Table.Td>
      <Table.Td ta="right">{inReview('comments', open_comments)}</Table.Td>
    </Table.Tr>
  )
}

function Sensitivity({ row: { sensitivity: measured } }: { row: TeamRow }) {
  const { t } = useTranslation()
  const { sensitivity, low, high, found, shown } = measured
  if (sensitivity === null) return <>{t('team.notMeasured')}</>
  const percent = (share: number | null): number => Math.round(100 * (share ?? 0))
  return (
    <>
      {t('team.sensitivityOf', {
        percent: percent(sensitivity),
        low: percent(low),
        high: percent(high),
        found: formatCount(found),
        shown: formatCount(shown),
      })}
    </>
  )
}
