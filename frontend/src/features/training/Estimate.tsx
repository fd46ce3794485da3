/** What three steps told of a run: time, memory, sizes. */
import { Alert, Loader, Paper, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RunCost } from '../../api/types'
import { formatCount, formatDuration, formatParameters } from '../../ui/format'
import { isActive } from '../jobs/polling'
import { jobQuery } from './queries'

export function Estimate({ job: id }: { job: string | undefined }) {
  const { t } = useTranslation()
  const { data: job } = useQuery(jobQuery(id))
  if (id === undefined) return null
  if (!job || isActive(job))
    return (
      <Alert color="gray" icon={<Loader size={16} />}>
        {t('training.estimating')}
      </Alert>
    )
  if (job.state !== 'succeeded')
    return (
      <Alert color="red" title={t('training.estimateFailed', { why: job.error?.detail ?? job.state })}>
        {job.error?.hint}
      </Alert>
    )
  return <Cost cost={job.result as unknown as RunCost} />
}

function Cost({ cost }: { cost: RunCost }) {
  const { t } = useTranslation()
  const facts: [string, string][] = [
    [
      t('training.cost.seconds'),
      `${formatDuration(cost.seconds)} (${cost.seconds_per_iteration.toFixed(2)} s ${t('training.cost.each')})`,
    ],
    [t('training.cost.memory'), `${formatCount(cost.peak_memory_mb)} MB`],
    [t('training.cost.checkpoint'), `${cost.checkpoint_mb.toFixed(1)} MB`],
    [t('training.cost.parameters'), formatParameters(cost.parameters)],
    [t('training.cost.images'), cost.images === null ? t('training.cost.endless') : formatCount(cost.images)],
    [t('training.cost.device'), cost.device],
  ]
  return (
    <Paper withBorder p="md" role="status">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Text size="sm" fw={500}>
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="xs">
        {t('training.cost.without')}
      </Text>
    </Paper>
  )
}
