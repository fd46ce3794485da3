/** How far a comparison is: its runs by state, one bar, and how long it still takes. */
import { Group, Paper, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '../../api/types'
import { formatDuration } from '../../ui/format'
import { isRunning, shareDone } from './standings'

export function ComparisonProgress({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const { seconds_left } = comparison.progress
  return (
    <Paper withBorder p="md">
      <Progress
        value={shareDone(comparison) * 100}
        size="sm"
        transitionDuration={300}
        color={isRunning(comparison) ? undefined : 'teal'}
        aria-label={t('comparisons.progress')}
      />
      <Group justify="space-between" gap="xs" mt={4}>
        <Text size="xs" c="dimmed">
          <StatesText comparison={comparison} />
        </Text>
        {isRunning(comparison) && seconds_left !== null && (
          <Text size="xs" c="dimmed">
            {t('comparisons.left', { time: formatDuration(seconds_left) })}
          </Text>
        )}
      </Group>
    </Paper>
  )
}

export function StatesText({ comparison: { progress } }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const { succeeded = 0, failed = 0, cancelled = 0 } = progress.runs
  const total = Object.values(progress.runs).reduce((sum, count) => sum + count, 0)
  return [
    t('comparisons.states', { done: succeeded, total }),
    failed > 0 && t('comparisons.failed', { count: failed }),
    cancelled > 0 && t('comparisons.cancelled', { count: cancelled }),
  ]
    .filter(Boolean)
    .join(' · ')
}
