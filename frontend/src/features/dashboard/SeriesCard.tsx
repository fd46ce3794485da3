/** One series: its number, the way to what it counts, and its days. */
import { lazy, Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import type { DayFigures, DaySeries } from '../../api/types'
import { CountBars } from '../../ui/CountBars'
import { formatBytes, formatCount, formatDuration } from '../../ui/format'
import { PlotSavers } from '../../ui/PlotSavers'
import { plotPicture, tablePicture } from '../../ui/pictures'
import { Card } from './Card'
import classes from './dashboard.module.css'
import { csv, type Line, lines, mean, seriesOf, share, standing, summary } from './days'
import { usePartName } from './usePartName'

/** With the plotting library. */
const DayPlot = lazy(() => import('./DayPlot').then((module) => ({ default: module.DayPlot })))

/** Series whose parts have an order of their own. */
const IN_ORDER = ['open_labels_by_risk', 'sensitivity']

export function SeriesCard({ figures, name }: { figures: DayFigures; name: string }) {
  const { t } = useTranslation()
  const plot = useRef<uPlot>(null)
  const named = usePartName(name)
  const series = seriesOf(figures, name)
  if (!series) return null
  const title = t(`dashboard.series.${name}` as 'dashboard.series.decisions')
  const drawn = lines(series)
  const names = drawn.map(({ part }) => (part === '' && drawn.length > 1 ? t('dashboard.other') : named(part)))
  const format = FORMATS[series.unit] ?? formatCount
  const barred = series.level && (series.unit === 'count' || series.parts.length > 1)
  const plotted = drawn.length > 0 && (!barred || days(drawn) > 1)
  return (
    <Card
      title={title}
      link={series.link}
      number={numberOf(series, format)}
      about={t(`dashboard.about.${name}` as 'dashboard.about.decisions')}
      nothing={drawn.length === 0}
    >
      {barred && drawn.length > 0 && (
        <div className={classes.now}>
          <CountBars counts={now(series, named)} label={title} inOrder={IN_ORDER.includes(name)} format={format} />
        </div>
      )}
      {drawn.length > 0 && (
        <PlotSavers
          title={title}
          picture={() => (plotted ? plotPicture(plot.current, title) : standingPicture(series, title, named, format))}
          csv={() => csv(figures.days, drawn, names)}
          className={classes.savers}
        />
      )}
      {plotted && (
        <Suspense fallback={<div className={classes.plot} />}>
          <DayPlot
            title={title}
            days={figures.days}
            lines={drawn}
            names={names}
            bars={!series.level && series.unit !== 'seconds' && series.unit !== 'share'}
            whole={series.unit === 'count'}
            format={format}
            plot={plot}
          />
        </Suspense>
      )}
    </Card>
  )
}

/** How it stands, part by part. */
function now(series: DaySeries, named: (part: string) => string): Record<string, number> {
  return Object.fromEntries(standing(series).map(({ part, value }) => [named(part), value]))
}

function standingPicture(
  series: DaySeries,
  title: string,
  named: (part: string) => string,
  format: (value: number) => string,
): HTMLCanvasElement {
  const parts = standing(series)
  if (!IN_ORDER.includes(series.name)) parts.sort((a, b) => b.value - a.value)
  return tablePicture({
    title,
    rows: parts.map(({ part, value }) => [named(part), format(value)]),
    bars: parts.map(({ value }) => value),
  })
}

/** On how many days anything is known: a line needs two. */
function days(from: readonly Line[]): number {
  return from[0]?.values.filter((_, at) => from.some(({ values }) => values[at] != null)).length ?? 0
}

/** Seconds a decision do not add up, nor do shares. */
function numberOf(series: DaySeries, format: (value: number) => string): string {
  const value = NUMBERS[series.unit]?.(series) ?? (series.unit in NUMBERS ? null : summary(series))
  return value === null ? '–' : format(value)
}

const NUMBERS: Record<string, (series: DaySeries) => number | null> = {
  seconds: (series) => mean(series.parts[0]?.values ?? []),
  share,
}

const FORMATS: Record<string, (value: number) => string> = {
  count: formatCount,
  bytes: formatBytes,
  hours: (value) => formatDuration(value * 3600),
  minutes: (value) => formatDuration(value * 60),
  seconds: (value) => `${value.toFixed(1)} s`,
  share: (value) => `${(100 * value).toFixed(1)} %`,
}
