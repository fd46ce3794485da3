/** Counts of a version: one column a split, with its categories, states and sources. */
import { Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DatasetVersion, Split, SplitSummary } from '../../api/types'
import { CountBars } from '../../ui/CountBars'
import { SPLITS } from './queries'

export function VersionSummary({ version }: { version: DatasetVersion }) {
  const splits = SPLITS.flatMap((split) => {
    const summary = version.summary.splits?.[split]
    return summary ? [{ split, summary }] : []
  })
  return (
    <SimpleGrid cols={{ base: 1, md: Math.max(1, splits.length) }}>
      {splits.map(({ split, summary }) => (
        <SplitCard key={split} split={split} summary={summary} />
      ))}
    </SimpleGrid>
  )
}

function SplitCard({ split, summary }: { split: Split; summary: SplitSummary }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <div>
          <Text fw={600}>{split}</Text>
          <Text size="sm" c="dimmed">
            {t('counted.drives', { count: summary.drives.length })} · {t('counted.frames', { count: summary.frames })} ·{' '}
            {t('counted.boxes', { count: summary.boxes })}
          </Text>
        </div>
        <CountBars counts={summary.by_category} label={t('datasets.byCategory')} />
        <Group grow align="flex-start" gap="xl">
          <Counts title={t('datasets.byState')} counts={summary.by_state} />
          <Counts title={t('datasets.bySource')} counts={summary.by_source} />
        </Group>
      </Stack>
    </Paper>
  )
}

function Counts({ title, counts }: { title: string; counts: Record<string, number> }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {title}
      </Text>
      <CountBars counts={counts} label={title} />
    </div>
  )
}
