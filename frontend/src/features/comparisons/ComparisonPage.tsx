/** `/training/comparisons/$comparisonId`: how far it is, what each method gave, and what the papers claim. */
import { Button, Paper, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconTableDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Comparison, Standings } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { save } from '../../ui/save'
import { Claims } from './Claims'
import { ComparisonProgress } from './ComparisonProgress'
import classes from './comparisons.module.css'
import { comparisonQuery, standingsQuery, useComparisonOrder } from './queries'
import { SetUp } from './SetUp'
import { StandingsTable } from './StandingsTable'
import { canRetry, figureName, isRunning, standingsCsv } from './standings'

export function ComparisonPage() {
  const { t } = useTranslation()
  const { comparisonId } = useParams({ from: '/member/shell/training/comparisons/$comparisonId' })
  const [figure, setFigure] = useState('AP')
  const query = useQuery(comparisonQuery(Number(comparisonId)))
  const running = query.data !== undefined && isRunning(query.data)
  const standings = useQuery(standingsQuery(Number(comparisonId), figure, running))
  const failed = [query, standings].find(({ isError }) => isError)
  if (failed) return <ErrorNote error={failed.error} retry={() => void failed.refetch()} />
  if (!query.data || !standings.data) return <Skeleton h={420} />
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={query.data.name}
        lead={t('comparisons.of', { methods: query.data.methods.length, seeds: query.data.seeds.length })}
        actions={<Orders comparison={query.data} />}
      />
      <Stack gap="lg">
        <ComparisonProgress comparison={query.data} />
        <Paper withBorder p="md" component="section" aria-labelledby="standings">
          <div className={classes.head}>
            <div>
              <Title order={2} size="h4" id="standings">
                {t('comparisons.standings')}
              </Title>
              <Text size="sm" c="dimmed">
                {t(`comparisons.measured.${standings.data.measured_on}`)}
              </Text>
            </div>
            <Select
              size="xs"
              aria-label={t('comparisons.figure')}
              allowDeselect={false}
              data={standings.data.figures.map((name) => ({
                value: name,
                label: figureName(name, (category) => t('comparisons.apOf', { category })),
              }))}
              value={figure}
              onChange={(name) => name && setFigure(name)}
            />
            <SaveCsv name={query.data.name} standings={standings.data} />
          </div>
          <StandingsTable standings={standings.data} />
        </Paper>
        <Claims rows={standings.data.rows} />
        <SetUp comparison={query.data} />
      </Stack>
    </>
  )
}

function SaveCsv({ name, standings }: { name: string; standings: Standings }) {
  const { t } = useTranslation()
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconTableDown size={14} />}
      onClick={() => save(new Blob([standingsCsv(standings)], { type: 'text/csv' }), `${name}.csv`)}
    >
      {t('comparisons.csv')}
    </Button>
  )
}

function Orders({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const mayWrite = useRight('model.write')
  const cancel = useComparisonOrder(comparison.id, 'cancel')
  const retry = useComparisonOrder(comparison.id, 'retry')
  return (
    <>
      {isRunning(comparison) && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          disabled={!mayWrite}
          loading={cancel.isPending}
          title={t('comparisons.cancelHelp')}
          onClick={() => cancel.mutate()}
        >
          {t('comparisons.cancel')}
        </Button>
      )}
      {canRetry(comparison) && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!mayWrite}
          loading={retry.isPending}
          title={t('comparisons.retryHelp')}
          onClick={() => retry.mutate()}
        >
          {t('comparisons.retry')}
        </Button>
      )}
    </>
  )
}
