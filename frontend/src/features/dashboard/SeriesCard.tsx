/** One series: its number, the way to what it counts, and its days. */
import { Paper, Text } from '@mantine/core'
import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import type { DayFigures, DaySeries } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatBytes, formatCount, formatDuration } from '../../ui/format'
import { PlotSavers } from '../../ui/PlotSavers'
import classes from './dashboard.module.css'
import { csv, lines, mean, seriesOf, summary } from './days'

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
      {drawn.length === 0 ? (
        <div className={classes.nothing}>
          <Text size="sm" c="dimmed">
            {t('dashboard.nothing')}
          </Text>
        </div>
      ) : (
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
              format={format}
              plot={plot}
            />
          </Suspense>
        </>
      )}
    </Paper>
  )
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
