/** The loss with its terms, AP on what is held out, and what the method weighed, as far as they have come. */
import { Group, Paper, SegmentedControl, Skeleton, Slider, Stack, Switch, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunMetrics, TrainingRun } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { colourOf } from '../evaluations/curves'
import { type LossTerms, lossTerms, type Series, smoothed, summed } from './curves'
import { isTraining, metricsQuery } from './queries'
import { RunPlot } from './RunPlot'
import { WeightHistograms } from './WeightHistograms'

const FIGURES = ['AP', 'AP50', 'AP75'] as const

export function RunCurves({ run }: { run: TrainingRun }) {
  const { t } = useTranslation()
  const training = isTraining(run)
  const metrics = useQuery(metricsQuery(run.id, training))
  const { refetch } = metrics
  // The last rows are written as the run ends: they are read once more when it has.
  useEffect(() => {
    if (!training) void refetch()
  }, [training, refetch])
  if (metrics.isError) return <ErrorNote error={metrics.error} retry={() => void metrics.refetch()} />
  if (!metrics.data) return <Skeleton h={760} />
  return (
    <Stack gap="lg">
      <LossPlot metrics={metrics.data} method={run.method} />
      <Paper withBorder p="md" component="section" aria-labelledby="ap-curve">
        <Title order={2} size="h4" id="ap-curve">
          {t('training.apCurve')}
        </Title>
        {metrics.data.validations.length === 0 ? (
          <Text size="sm" c="dimmed" mt="xs">
            {t('training.noValidations')}
          </Text>
        ) : (
          <ValidationPlot metrics={metrics.data} />
        )}
      </Paper>
      {metrics.data.histograms.length > 0 && <WeightHistograms moments={metrics.data.histograms} />}
    </Stack>
  )
}

const PARTS = ['total', 'detector', 'distillation'] as const
type Part = (typeof PARTS)[number]

function LossPlot({ metrics, method }: { metrics: RunMetrics; method: string }) {
  const { t } = useTranslation()
  const [part, setPart] = useState<Part>('total')
  const [share, setShare] = useState(0.6)
  const [logarithmic, setLogarithmic] = useState(false)
  const terms = useMemo(() => lossTerms(metrics, method), [metrics, method])
  const there = PARTS.filter((one) => one === 'total' || terms[one].length > 0)
  const words = { detector: t('training.part.detector'), distillation: t('training.part.distillation') }
  const columns = part === 'total' ? totals(metrics, terms, words) : termColumns(metrics, terms[part], method)
  const series = columns.map(([name, y], at) => ({
    name,
    colour: colourOf(at),
    x: metrics.train.iteration,
    y: smoothed(y, share),
  }))
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="loss-curve">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="loss-curve">
          {t('training.lossCurve')}
        </Title>
        {there.length > 1 && (
          <SegmentedControl
            size="xs"
            value={part}
            onChange={(value) => setPart(value as Part)}
            data={there.map((one) => ({ value: one, label: t(`training.part.${one}`) }))}
            aria-label={t('training.terms')}
          />
        )}
        <Group gap="lg">
          <Group gap="xs">
            <Text size="sm">{t('training.smoothing')}</Text>
            <Slider
              w={140}
              size="sm"
              min={0}
              max={0.98}
              step={0.02}
              value={share}
              onChange={setShare}
              label={(value) => value.toFixed(2)}
              thumbLabel={t('training.smoothing')}
            />
          </Group>
          <Switch
            label={t('training.logScale')}
            checked={logarithmic}
            onChange={({ currentTarget }) => setLogarithmic(currentTarget.checked)}
          />
        </Group>
      </Group>
      {metrics.train.iteration.length === 0 ? (
        <Text size="sm" c="dimmed" mih={340}>
          {t('training.noRows')}
        </Text>
      ) : (
        <RunPlot title={t('training.lossCurve')} series={series} logarithmic={logarithmic} />
      )}
    </Paper>
  )
}

function ValidationPlot({ metrics }: { metrics: RunMetrics }) {
  const { t } = useTranslation()
  const series = useMemo(() => validationSeries(metrics), [metrics])
  return <RunPlot title={t('training.apCurve')} series={series} unit />
}

type Column = [name: string, values: (number | null)[]]

/** The whole, and where a method adds to it, the two halves. */
function totals(metrics: RunMetrics, terms: LossTerms, words: Record<keyof LossTerms, string>): Column[] {
  const whole: Column = ['loss', metrics.train.loss ?? []]
  if (terms.distillation.length === 0) return [whole]
  return [
    whole,
    [words.detector, summed(metrics, terms.detector)],
    [words.distillation, summed(metrics, terms.distillation)],
  ]
}

/** Each term by its name; those of the method without its prefix. */
function termColumns({ train }: RunMetrics, names: readonly string[], method: string): Column[] {
  return names.map((name) => [name.startsWith(`${method}_`) ? name.slice(method.length + 1) : name, train[name] ?? []])
}

function validationSeries({ validations }: RunMetrics): Series[] {
  return FIGURES.map((name, at) => ({
    name,
    colour: colourOf(at),
    x: validations.map(({ iteration }) => iteration),
    y: validations.map((row) => row[name] ?? null),
  }))
}
