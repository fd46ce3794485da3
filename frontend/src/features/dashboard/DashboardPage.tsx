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
import { Loop } from '../home/Loop'
import { overviewQuery } from '../home/queries'
import { ApOverTime } from './ApOverTime'
import { BalanceCard } from './BalanceCard'
import classes from './dashboard.module.css'
import { Ledger } from './Ledger'
import { figuresQuery } from './queries'
import { SeriesCard } from './SeriesCard'

const SPANS = [7, 30, 90, 365]

const SECTIONS = {
  audit: ['decisions', 'seconds_a_decision', 'audit_hours', 'frames_audited'],
  quality: [
    'sensitivity',
    'agreement',
    'residual_bound',
    'residual_bound_by_slice',
    'risk_and_errors',
    'calibration_error',
  ],
  labels: ['frames_by_state', 'labels_by_state', 'labels_by_category', 'open_labels_by_risk', 'class_drift'],
  footage: ['footage_hours', 'frames_ingested', 'versions_frozen', 'store_bytes', 'disk_free'],
  jobs: ['job_queue', 'jobs', 'job_minutes', 'job_wait'],
  fleet: ['devices', 'device_warnings', 'alarms', 'uplinks', 'labelling_delay'],
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
  const overview = useQuery(overviewQuery)
  return (
    <Stack gap="xl">
      {overview.data ? <Loop overview={overview.data} /> : <Skeleton h={118} />}
      {Object.entries(SECTIONS).map(([section, names]) => (
        <section key={section} aria-labelledby={section}>
          <Title order={2} size="h4" id={section} mb="xs">
            {t(`dashboard.section.${section as keyof typeof SECTIONS}`)}
          </Title>
          <div className={classes.sections}>
            {names.map((name) => (
              <SeriesCard key={name} figures={figures} name={name} />
            ))}
            {section === 'labels' && <BalanceCard balance={figures.balance} />}
          </div>
        </section>
      ))}
      <ApOverTime points={figures.ap} />
      <Ledger />
    </Stack>
  )
}
