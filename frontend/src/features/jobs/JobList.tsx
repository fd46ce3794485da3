/** The newest jobs, running ones first. */
import { Skeleton, Stack } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { JobCard } from './JobCard'
import { isActive } from './polling'
import { type JobFilter, jobsQuery } from './queries'

export function JobList({ filter = {}, limit = 100 }: { filter?: JobFilter; limit?: number }) {
  const { t } = useTranslation()
  const jobs = useQuery(jobsQuery(filter))
  if (jobs.isError) return <ErrorNote error={jobs.error} retry={() => void jobs.refetch()} />
  if (!jobs.data)
    return (
      <Stack gap="xs" aria-busy="true">
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} h={56} />
        ))}
      </Stack>
    )
  if (jobs.data.results.length === 0)
    return (
      <EmptyState icon={IconStack2} title={t('jobs.none')}>
        {t('jobs.noneText')}
      </EmptyState>
    )
  const sorted = [...jobs.data.results].sort((a, b) => Number(isActive(b)) - Number(isActive(a)))
  return (
    <Stack gap="xs">
      {sorted.slice(0, limit).map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </Stack>
  )
}
