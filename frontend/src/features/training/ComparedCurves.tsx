/** Loss and AP of several runs, a colour a run. */
import { Paper, Skeleton, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RunMetrics, TrainingRun } from '../../api/types'
import { colourOf } from '../evaluations/curves'
import { NOTHING, type Series, smoothed } from './curves'
import { isTraining, metricsQuery } from './queries'
import { RunPlot } from './RunPlot'

const SMOOTHING = 0.8

export function ComparedCurves({ runs }: { runs: TrainingRun[] }) {
  const { t } = useTranslation()
  const metrics = useQueries({ queries: runs.map((run) => metricsQuery(run.id, isTraining(run))) })
  if (metrics.some(({ isPending }) => isPending)) return <Skeleton h={760} />
  const of = (make: (rows: RunMetrics) => Pick<Series, 'x' | 'y'>): Series[] =>
    runs.map((run, at) => ({
      name: `${run.name} #${run.id}`,
      colour: colourOf(at),
      ...make(metrics[at]?.data ?? NOTHING),
    }))
  const loss = of(({ train }) => ({ x: train.iteration, y: smoothed(train.loss ?? [], SMOOTHING) }))
  const ap = of(({ validations }) => ({
    x: validations.map(({ iteration }) => iteration),
    y: validations.map(({ AP }) => AP ?? null),
  }))
  return (
    <>
      {[
        { title: t('training.lossCurve'), series: loss, unit: false },
        { title: t('training.apCurve'), series: ap, unit: true },
      ].map(({ title, series, unit }) => (
        <Paper withBorder p="md" component="section" aria-label={title} key={title}>
          <Title order={2} size="h4">
            {title}
          </Title>
          <RunPlot title={title} series={series} unit={unit} />
        </Paper>
      ))}
    </>
  )
}
