/** What waits in each queue, and who works on what. */
import { Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDuration } from '../../ui/format'
import { workersQuery } from './queries'

export function Workers() {
  const { t } = useTranslation()
  const report = useQuery(workersQuery)
  if (report.isError) return <ErrorNote error={report.error} retry={() => void report.refetch()} />
  if (!report.data) return <Skeleton h={240} />
  const { queues, workers } = report.data
  return (
    <Stack gap="xl" maw={720}>
      <Table aria-label={t('control.queue')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('control.queue')}</Table.Th>
            <Table.Th ta="right">{t('control.queued')}</Table.Th>
            <Table.Th ta="right">{t('control.running')}</Table.Th>
            <Table.Th ta="right">{t('control.oldest')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map(({ queue, queued, running, oldest_s: oldest }) => (
            <Table.Tr key={queue}>
              <Table.Td ff="monospace">{queue}</Table.Td>
              <Table.Td ta="right">{queued}</Table.Td>
              <Table.Td ta="right">{running}</Table.Td>
              <Table.Td ta="right">{oldest === null ? '–' : formatDuration(oldest)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {workers.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('control.nobodyWorks')}
        </Text>
      )}
      {workers.map(({ name, job, title, attempts }) => (
        <Text key={job} size="sm">
          <Text span ff="monospace" size="sm">
            {name}
          </Text>{' '}
          {title} · {t('control.tries', { count: attempts })}
        </Text>
      ))}
      <TextLink to="/jobs">{t('control.jobsPage')}</TextLink>
    </Stack>
  )
}
