/** Whether a difference in AP is more than luck: drawn once, as a job, and read from the ledger afterwards. */
import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDifference } from '../../ui/format'
import { isActive } from '../jobs/polling'
import { comparisonJob, comparisonOf, verdict } from './compare'
import { comparisonsQuery, useCompare } from './queries'

const COLOURS = { better: 'teal', worse: 'red', open: 'gray' }

export function Interval({ first, second }: { first: number; second: number }) {
  const { t } = useTranslation()
  const jobs = useQuery(comparisonsQuery)
  const compare = useCompare()
  const mayDraw = useRight('model.write')
  if (jobs.isError) return <ErrorNote error={jobs.error} retry={() => void jobs.refetch()} />
  if (!jobs.data) return <Skeleton h={28} w={140} />
  const job = comparisonJob(jobs.data.results, first, second)
  const found = comparisonOf(job, first)
  if (found) {
    const result = verdict(found)
    return (
      <Stack gap={3} align="flex-start">
        <Text size="sm">
          {t('evaluations.interval', {
            difference: formatDifference(found.difference),
            low: formatDifference(found.low),
            high: formatDifference(found.high),
            p: found.p < 0.001 ? '< 0.001' : found.p.toFixed(3),
          })}
        </Text>
        <Badge variant="light" size="sm" color={COLOURS[result]}>
          {t(`evaluations.verdict.${result}`)}
        </Badge>
      </Stack>
    )
  }
  const drawing = compare.isPending || (job !== null && isActive(job))
  return (
    <Group gap="xs">
      {mayDraw && (
        <Button size="compact-xs" variant="light" loading={drawing} onClick={() => compare.mutate({ first, second })}>
          {t('evaluations.draw')}
        </Button>
      )}
      {drawing && (
        <Text size="xs" c="dimmed">
          {t('evaluations.drawing')}
        </Text>
      )}
      {!drawing && job?.error && (
        <Text size="xs" c="red">
          {job.error.detail} {job.error.hint}
        </Text>
      )}
    </Group>
  )
}
