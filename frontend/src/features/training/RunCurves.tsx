/** The loss with its terms, and AP on what is held out, as far as they have come. */
import { Group, Paper, Skeleton, Slider, Stack, Switch, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunMetrics, TrainingRun } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { colourOf } from '../evaluations/curves'
import { lossNames, type Series, smoothed } from './curves'
import { isTraining, metricsQuery } from './queries'
import { RunPlot } from './RunPlot'

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
      <LossPlot metrics={metrics.data} />
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
    </Stack>
  )
}

function LossPlot({ metrics }: { metrics: RunMetrics }) {
  const { t } = useTranslation()
  const [share, setShare] = useState(0.6)
  const [logarithmic, setLogarithmic] = useState(false)
  const series = useMemo(() => lossSeries(metrics, share), [metrics, share])
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="loss-curve">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="loss-curve">
          {t('training.lossCurve')}
        </Title>
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

/** The whole is shown, its terms at a click in the legend. */
function lossSeries({ train }: RunMetrics, share: number): Series[] {
  return lossNames({ train, validations: [], last_iteration: 0 }).map((name, at) => ({
    name,
    colour: colourOf(at),
    x: train.iteration,
    y: smoothed(train[name] ?? [], share),
    shown: name === 'loss',
  }))
}

function validationSeries({ validations }: RunMetrics): Series[] {
  return FIGURES.map((name, at) => ({
    name,
    colour: colourOf(at),
    x: validations.map(({ iteration }) => iteration),
    y: validations.map((row) => row[name] ?? null),
  }))
}
