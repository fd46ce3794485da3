/** In the top bar: what runs now, how far it is; opens the drawer with all jobs. */
import { Button, Group, Progress, Text } from '@mantine/core'
import { useDisclosure, usePrevious } from '@mantine/hooks'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { formatDuration } from '../../ui/format'
import { finishedSince, progressOf } from './polling'
import { activeJobsQuery } from './queries'

/** Comes after the first paint. */
const JobsDrawer = lazy(() => import('./JobsDrawer').then((module) => ({ default: module.JobsDrawer })))

export function JobsIndicator() {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure()
  const { data: jobs = [] } = useQuery(activeJobsQuery)
  useRefreshAfterJobs(jobs)
  const first = jobs.find((job) => job.state === 'running')
  return (
    <>
      <Button
        variant={jobs.length > 0 ? 'light' : 'subtle'}
        color={jobs.length > 0 ? 'blue' : 'gray'}
        size="compact-md"
        leftSection={<IconStack2 size={16} />}
        onClick={open}
      >
        {first ? (
          <Running job={first} others={jobs.length - 1} />
        ) : jobs.length > 0 ? (
          t('jobs.queued', { count: jobs.length })
        ) : (
          t('jobs.title')
        )}
      </Button>
      <Suspense>
        <JobsDrawer opened={opened} onClose={close} />
      </Suspense>
    </>
  )
}

function Running({ job, others }: { job: Job; others: number }) {
  const { t } = useTranslation()
  const progress = progressOf(job)
  return (
    <Group gap={8} wrap="nowrap">
      <Text span size="sm" maw={240} truncate>
        {job.title}
      </Text>
      <Progress w={90} size="sm" value={(progress ?? 1) * 100} animated={progress === null} aria-label={job.title} />
      <Text span size="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {job.seconds_left !== null && formatDuration(job.seconds_left)}
        {others > 0 && ` ${t('jobs.more', { count: others })}`}
      </Text>
    </Group>
  )
}

/** A job that ended has changed drives, frames, versions or numbers: read again what is on the screen. */
function useRefreshAfterJobs(jobs: Job[]): void {
  const queries = useQueryClient()
  const before = usePrevious(jobs)
  useEffect(() => {
    if (before && finishedSince(before, jobs).length > 0)
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' && queryKey[1] !== 'active' })
  }, [before, jobs, queries])
}
