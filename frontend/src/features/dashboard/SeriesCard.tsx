/** One series: its number, the way to what it counts, and its days. */
import { Paper, Text } from '@mantine/core'
import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import type { DayFigures, DaySeries } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { CountBars } from '../../ui/CountBars'
import { formatBytes, formatCount, formatDuration } from '../../ui/format'
import { PlotSavers } from '../../ui/PlotSavers'
import classes from './dashboard.module.css'
import { csv, type Line, latest, lines, mean, seriesOf, summary } from './days'

/** With the plotting library. */
const DayPlot = lazy(() => import('./DayPlot').then((module) => ({ default: module.DayPlot })))

export function SeriesCard({ figures, name }: { figures: DayFigures; name: string }) {
  const { t, i18n } = useTranslation()
  const plot = useRef<uPlot>(null)
  const series = seriesOf(figures, name)
  const title = t(`dashboard.series.${name}` as 'dashboard.series.decisions')
  const drawn = lines(series)
  // Categories and bins have no translation: they are their own names.
  const key = (part: string) => `dashboard.part.${name}.${part}`
  const named = (part: string) => (i18n.exists(key(part)) ? t(key(part) as 'dashboard.other') : part)
  const names = drawn.map(({ part }) => (part === '' && drawn.length > 1 ? t('dashboard.other') : named(part)))
  const format = FORMATS[series.unit] ?? formatCount
  return (
    <Paper withBorder component="section" aria-label={title} className={classes.card}>
      <div className={classes.head}>
        <TextLink to={series.link}>{title}</TextLink>
        <span className={classes.number}>{numberOf(series, format)}</span>
      </div>
      <Text size="xs" c="dimmed" mb={4}>
        {t(`dashboard.about.${name}` as 'dashboard.about.decisions')}
      </Text>
      {drawn.length === 0 && (
        <div className={classes.nothing}>
          <Text size="sm" c="dimmed">
            {t('dashboard.nothing')}
          </Text>
        </div>
      )}
      {series.level && series.unit === 'count' && drawn.length > 0 && (
        <div className={classes.now}>
          <CountBars counts={now(series, named)} label={title} inOrder={name === 'open_labels_by_risk'} />
        </div>
      )}
      {(series.level && series.unit === 'count' ? days(drawn) > 1 : drawn.length > 0) && (
        <>
          <PlotSavers
            title={title}
            plot={() => plot.current}
            csv={() => csv(figures.days, drawn, names)}
            className={classes.savers}
          />
          <Suspense fallback={<div className={classes.plot} />}>
            <DayPlot
              title={title}
              days={figures.days}
              lines={drawn}
              names={names}
              bars={!series.level && series.unit !== 'seconds'}
              whole={series.unit === 'count'}
              format={format}
              plot={plot}
            />
          </Suspense>
        </>
      )}
    </Paper>
  )
}

/** How it stands, part by part. */
function now({ parts }: DaySeries, named: (part: string) => string): Record<string, number> {
  return Object.fromEntries(parts.map(({ part, values }) => [named(part), latest(values) ?? 0]))
}

/** On how many days anything is known: a line needs two. */
function days(from: readonly Line[]): number {
  return from[0]?.values.filter((_, at) => from.some(({ values }) => values[at] != null)).length ?? 0
}

/** Seconds a decision do not add up. */
function numberOf(series: DaySeries, format: (value: number) => string): string {
  const value = series.unit === 'seconds' ? mean(series.parts[0]?.values ?? []) : summary(series)
  return value === null ? '–' : format(value)
}

const FORMATS: Record<string, (value: number) => string> = {
  count: formatCount,
  bytes: formatBytes,
  hours: (value) => formatDuration(value * 3600),
  minutes: (value) => formatDuration(value * 60),
  seconds: (value) => `${value.toFixed(1)} s`,
}
