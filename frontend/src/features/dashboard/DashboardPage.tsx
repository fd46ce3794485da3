/** `/dashboard`: what came in, what was audited, how it stands, and what it gave, by day. */
import { Button, SegmentedControl, Skeleton, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayFigures } from '../../api/types'
import { ButtonLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { ApOverTime } from './ApOverTime'
import classes from './dashboard.module.css'
import { Ledger } from './Ledger'
import { figuresQuery } from './queries'
import { SeriesCard } from './SeriesCard'

const SPANS = [7, 30, 90, 365]

const SECTIONS = {
  audit: ['decisions', 'seconds_a_decision', 'audit_hours', 'frames_audited'],
  labels: ['frames_by_state', 'labels_by_category', 'open_labels_by_risk'],
  footage: ['footage_hours', 'frames_ingested', 'versions_frozen', 'store_bytes', 'disk_free'],
  jobs: ['jobs', 'job_minutes'],
} as const

export function DashboardPage() {
  const { t } = useTranslation()
  const [days, setDays] = useState(30)
  const figures = useQuery(figuresQuery(days))
  return (
    <>
      <PageHeader
        title={t('dashboard.title')}
        lead={figures.data && t('dashboard.lead', { ago: formatAgo(figures.data.at) })}
        actions={
          <>
            <SegmentedControl
              size="xs"
              aria-label={t('dashboard.span')}
              value={String(days)}
              onChange={(value) => setDays(Number(value))}
              data={SPANS.map((count) => ({ value: String(count), label: t('team.lastDays', { count }) }))}
            />
            <ButtonLink to="/dashboard/digest" variant="default" size="compact-sm">
              {t('digest.title')}
            </ButtonLink>
            <Button
              component="a"
              href={`/api/v1/figures.csv?days=${days}`}
              download
              variant="default"
              size="compact-sm"
            >
              {t('dashboard.csv')}
            </Button>
          </>
        }
      />
      {figures.isError && <ErrorNote error={figures.error} retry={() => void figures.refetch()} />}
      {figures.isPending && <Skeleton h={640} />}
      {figures.data && <Sections figures={figures.data} />}
    </>
  )
}

function Sections({ figures }: { figures: DayFigures }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xl">
      {Object.entries(SECTIONS).map(([section, names]) => (
        <section key={section} aria-labelledby={section}>
          <Title order={2} size="h4" id={section} mb="xs">
            {t(`dashboard.section.${section as keyof typeof SECTIONS}`)}
          </Title>
          <div className={classes.sections}>
            {names.map((name) => (
              <SeriesCard key={name} figures={figures} name={name} />
            ))}
          </div>
        </section>
      ))}
      <ApOverTime points={figures.ap} />
      <Ledger />
    </Stack>
  )
}
