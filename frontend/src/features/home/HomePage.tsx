/** `/`: the loop at a glance, what waits for whom, and what ran lately. */
import { Grid, Skeleton, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { JobList } from '../jobs/JobList'
import { Loop } from './Loop'
import { overviewQuery } from './queries'
import { Waiting } from './Waiting'

export function HomePage() {
  const { t } = useTranslation()
  const overview = useQuery(overviewQuery)
  return (
    <>
      <PageHeader title={t('home.title')} lead={t('home.lead')} />
      {overview.isError && <ErrorNote error={overview.error} retry={() => void overview.refetch()} />}
      {overview.data ? <Loop overview={overview.data} /> : <Skeleton h={132} />}
      <Grid mt="xl" gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Title order={2} size="h4" mb="sm">
            {t('home.waiting')}
          </Title>
          {overview.data ? <Waiting overview={overview.data} /> : <Skeleton h={160} />}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Title order={2} size="h4" mb="sm">
            {t('home.recentJobs')}
          </Title>
          <JobList limit={6} />
        </Grid.Col>
      </Grid>
    </>
  )
}
