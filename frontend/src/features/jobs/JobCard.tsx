/** One job of the ledger: state, progress, error with its hint, orders, log. */
import { ActionIcon, Group, Paper, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlayerStop, IconRefresh, IconTerminal2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Job } from '../../api/types'
import { formatAgo, formatDuration } from '../../ui/format'
import { JobLog } from './JobLog'
import { JobProgress } from './JobProgress'
import { JobStateBadge } from './JobStateBadge'
import { isActive } from './polling'
import { useJobOrder } from './queries'

export function JobCard({ job }: { job: Job }) {
  const { t } = useTranslation()
  const [logShown, { toggle }] = useDisclosure()
  return (
    <Paper withBorder p="sm" component="article" aria-label={job.title}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb={isActive(job) ? 8 : 0}>
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} truncate title={job.title}>
            {job.title}
          </Text>
          <Text size="xs" c="dimmed">
            {whenText(job, (time) => t('jobs.took', { time }))}
            {job.attempts > 1 && ` · ${t('jobs.attempt', { count: job.attempts })}`}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <JobStateBadge job={job} />
          <Orders job={job} />
          <Tooltip label={t('jobs.log')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('jobs.log')}
              aria-expanded={logShown}
              onClick={toggle}
            >
              <IconTerminal2 size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {isActive(job) && <JobProgress job={job} />}
      {job.error && (
        <Text size="sm" c="red" mt={6}>
          {job.error.detail}{' '}
          <Text span c="dimmed" size="sm">
            {job.error.hint}
          </Text>
        </Text>
      )}
      {logShown && <JobLog job={job} />}
    </Paper>
  )
}

function Orders({ job }: { job: Job }) {
  const { t } = useTranslation()
  const mayOrder = useRight('jobs.write')
  const cancel = useJobOrder('cancel')
  const retry = useJobOrder('retry')
  if (!mayOrder || job.state === 'succeeded') return null
  const stoppable = isActive(job)
  const label = stoppable ? t('jobs.cancel') : t('jobs.retry')
  const order = stoppable ? cancel : retry
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={stoppable && job.cancel_requested}
        loading={order.isPending}
        onClick={() => order.mutate(job.id)}
      >
        {stoppable ? <IconPlayerStop size={16} /> : <IconRefresh size={16} />}
      </ActionIcon>
    </Tooltip>
  )
}

function whenText(job: Job, took: (time: string) => string): string {
  if (!job.started_at || !job.finished_at) return formatAgo(job.started_at ?? job.created_at)
  const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000
  return `${formatAgo(job.finished_at)} · ${took(formatDuration(seconds))}`
}
