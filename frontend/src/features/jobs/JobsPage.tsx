/** `/jobs`: the whole ledger, by state. */
import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobState } from '../../api/types'
import { PageHeader } from '../../ui/PageHeader'
import { JobList } from './JobList'

const STATES = ['all', 'running', 'queued', 'failed', 'succeeded', 'cancelled'] as const

export function JobsPage() {
  const { t } = useTranslation()
  const [shown, setShown] = useState<'all' | JobState>('all')
  return (
    <>
      <PageHeader title={t('jobs.title')} lead={t('jobs.lead')} />
      <SegmentedControl
        mb="md"
        size="xs"
        aria-label={t('jobs.byState')}
        value={shown}
        onChange={(value) => setShown(value as 'all' | JobState)}
        data={STATES.map((value) => ({ value, label: value === 'all' ? t('common.all') : t(`jobs.state.${value}`) }))}
      />
      <JobList filter={shown === 'all' ? {} : { state: shown }} />
    </>
  )
}
