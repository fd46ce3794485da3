/** A job's log, as its worker wrote it. */
import { ScrollArea, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Job, JobLogLine } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { jobLogQuery } from './queries'

const COLOURS: Record<JobLogLine['level'], string | undefined> = { info: undefined, warning: 'orange', error: 'red' }

export function JobLog({ job }: { job: Job }) {
  const { t } = useTranslation()
  const log = useQuery(jobLogQuery(job))
  if (log.isError) return <ErrorNote error={log.error} retry={() => void log.refetch()} />
  if (!log.data) return <Skeleton h={40} mt={8} />
  if (log.data.results.length === 0)
    return (
      <Text size="xs" c="dimmed" mt={8}>
        {t('jobs.logEmpty')}
      </Text>
    )
  return (
    <ScrollArea.Autosize mah={220} mt={8} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('jobs.log') }}>
      {log.data.results.map((line) => (
        <Text key={line.id} size="xs" ff="monospace" c={COLOURS[line.level]} style={{ overflowWrap: 'anywhere' }}>
          {new Date(line.at).toLocaleTimeString('en-GB')} {line.message}
        </Text>
      ))}
    </ScrollArea.Autosize>
  )
}
