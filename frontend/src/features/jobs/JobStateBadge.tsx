import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job, JobState } from '../../api/types'

const COLOURS: Record<JobState, string> = {
  queued: 'gray',
  running: 'blue',
  succeeded: 'teal',
  failed: 'red',
  cancelled: 'gray',
}

export function JobStateBadge({ job }: { job: Job }) {
  const { t } = useTranslation()
  const stopping = job.cancel_requested && job.state === 'running'
  return (
    <Badge variant="light" color={stopping ? 'orange' : COLOURS[job.state]} size="sm" miw={84} style={{ flex: 'none' }}>
      {stopping ? t('jobs.stopping') : t(`jobs.state.${job.state}`)}
    </Badge>
  )
}
