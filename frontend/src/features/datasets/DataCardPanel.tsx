/** The data card of a version: plots by split, near-duplicates, known gaps. */
import { Anchor, Group, List, Paper, SegmentedControl, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '../../api/client'
import type { DataCard, DatasetVersion } from '../../api/types'
import type { versions } from '../../i18n/en/versions'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount } from '../../ui/format'
import { gapLines } from './cardRows'
import { NearReport } from './NearReport'
import { SplitPlots } from './SplitPlots'
import { cardMarkdownUrl, cardQuery } from './versionQueries'

type GapCode = keyof typeof versions.gap

export function DataCardPanel({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  const card = useQuery(cardQuery(version.id))
  const [chosen, choose] = useState<string>()
  if (isApiError(card.error, 'no_card')) return <Text c="dimmed">{t('versions.noCard')}</Text>
  if (card.error) return <ErrorNote error={card.error} retry={() => void card.refetch()} />
  if (!card.data) return <Skeleton h={360} />
  const splits = Object.keys(card.data.splits)
  const split = chosen ?? splits[0] ?? ''
  const counts = card.data.splits[split]
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Group justify="space-between">
          <Text fw={600} component="h2">
            {t('versions.card')}
          </Text>
          <Group>
            <SegmentedControl
              size="xs"
              aria-label={t('versions.chooseSplit')}
              value={split}
              onChange={choose}
              data={splits}
            />
            <Anchor size="sm" href={cardMarkdownUrl(version.id)} download={`card-v${version.number}.md`}>
              {t('versions.markdown')}
            </Anchor>
          </Group>
        </Group>
        {counts && <SplitPlots counts={counts} />}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Gaps card={card.data} />
          <NearReport near={card.data.near} />
        </SimpleGrid>
      </Stack>
    </Paper>
  )
}

function Gaps({ card }: { card: DataCard }) {
  const { t } = useTranslation()
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {t('versions.gaps')}
      </Text>
      {card.gaps.length === 0 && <Text size="sm">{t('versions.noGaps')}</Text>}
      <List size="sm">
        {gapLines(card.gaps).map(({ code, split, names, count }) => (
          <List.Item key={`${code} ${split}`}>
            {t(`versions.gap.${code as GapCode}`, { split, names, n: formatCount(count) })}
          </List.Item>
        ))}
      </List>
    </div>
  )
}
