/** A job's bar, with what it has done, how fast, and how long it still takes. */
import { Group, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../api/types'
import { formatCount, formatDuration, formatRate } from '../../ui/format'
import { progressOf } from './polling'

export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation()
  const progress = progressOf(job)
  const unknown = job.state === 'running' && progress === null
  return (
    <div>
      <Progress
        value={unknown ? 100 : (progress ?? 0) * 100}
        color={unknown ? 'gray' : undefined}
        animated={unknown}
        size="sm"
        transitionDuration={300}
        aria-label={job.title}
      />
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {job.state === 'queued' ? t('jobs.waits') : doneText(job)}
        </Text>
        <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {speedText(job, (time) => t('jobs.left', { time }))}
        </Text>
      </Group>
    </div>
  )
}

function doneText({ done, total, unit }: Job): string {
  if (total === null && done === 0) return ''
  return total === null ? `${formatCount(done)} ${unit}` : `${formatCount(done)} / ${formatCount(total)} ${unit}`
}

function speedText(job: Job, left: (time: string) => string): string {
  if (job.state !== 'running') return ''
  const rate = job.rate ? formatRate(job.rate, job.unit) : ''
  const time = job.seconds_left === null ? '' : left(formatDuration(job.seconds_left))
  return [rate, time].filter(Boolean).join(' · ')
}
