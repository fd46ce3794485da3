/** Counts of one split as bars: category, size, hour, weather, place, and the risk of its labels. */
import { SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SplitCard } from '../../api/types'
import { CountBars } from '../../ui/CountBars'
import { formatCount } from '../../ui/format'
import { named, riskBins } from './cardRows'

export function SplitPlots({ counts }: { counts: SplitCard }) {
  const { t } = useTranslation()
  const unknown = { unknown: t('versions.unknown') }
  const sizes = { small: t('versions.size.small'), medium: t('versions.size.medium'), large: t('versions.size.large') }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('versions.audited', { audited: formatCount(counts.audited_frames), frames: formatCount(counts.frames) })} ·{' '}
        {t('counted.boxes', { count: counts.boxes })}
        {counts.ignore_regions > 0 && ` · ${t('versions.ignored', { count: counts.ignore_regions })}`}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xl">
        <Plot title={t('versions.byCategory')} counts={counts.by_category} />
        <Plot title={t('versions.bySize')} counts={named(counts.by_size, sizes)} inOrder />
        <Plot title={t('versions.risk')} counts={riskBins(counts, t('versions.noRisk'))} inOrder />
        <Plot title={t('versions.byHour')} counts={named(sorted(counts.by_hour), unknown)} inOrder />
        <Plot title={t('versions.byWeather')} counts={named(counts.by_weather, unknown)} />
        <Plot title={t('versions.byCity')} counts={named(counts.by_city, unknown)} />
      </SimpleGrid>
    </Stack>
  )
}

interface PlotProps {
  title: string
  counts: Record<string, number>
  inOrder?: boolean
}

function Plot({ title, counts, inOrder = false }: PlotProps) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {title}
      </Text>
      <CountBars counts={counts} label={title} inOrder={inOrder} />
    </div>
  )
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts)
      .map(([hour, count]) => [hourName(hour), count] as const)
      .sort(),
  )
}

/** "09" as "09:00": a bare number would be taken for an index, and lose its place. */
function hourName(hour: string): string {
  return /^\d\d$/.test(hour) ? `${hour}:00` : hour
}
