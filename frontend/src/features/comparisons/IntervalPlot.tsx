/** A difference as a dot on the scale that all methods share, between its two intervals, with a tick for each seed. */
import { useTranslation } from 'react-i18next'
import type { SeedDifference } from '../../api/types'
import { formatDifference } from '../../ui/format'
import classes from './comparisons.module.css'
import { place, type Scale } from './standings'

const HEIGHT = 24

interface IntervalPlotProps {
  title: string
  found: SeedDifference
  seeds: { seed: number; difference: number }[]
  scale: Scale
}

export function IntervalPlot({ title, found, seeds, scale }: IntervalPlotProps) {
  const { t } = useTranslation()
  const at = (value: number) => `${place(scale, value)}%`
  const label = t('comparisons.plotOf', {
    method: title,
    difference: formatDifference(found.difference),
    low: formatDifference(found.low),
    high: formatDifference(found.high),
    studentLow: formatDifference(found.student_low),
    studentHigh: formatDifference(found.student_high),
  })
  return (
    <svg className={classes.plot} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      <line className={classes.nil} x1={at(0)} x2={at(0)} y1={0} y2={HEIGHT} />
      <Span from={found.student_low} to={found.student_high} at={at} className={classes.student} />
      <Span from={found.low} to={found.high} at={at} className={classes.bootstrap} />
      {seeds.map(({ seed, difference }) => (
        <line key={seed} className={classes.tick} x1={at(difference)} x2={at(difference)} y1={4} y2={HEIGHT - 4} />
      ))}
      <circle className={classes.dot} cx={at(found.difference)} cy={HEIGHT / 2} r={4} />
    </svg>
  )
}

interface SpanProps {
  from: number | null
  to: number | null
  at: (value: number) => string
  className: string | undefined
}

function Span({ from, to, at, className }: SpanProps) {
  if (from === null || to === null) return null
  return <line className={className} x1={at(from)} x2={at(to)} y1={HEIGHT / 2} y2={HEIGHT / 2} />
}

/** The head of the column: what is drawn, and where the scale begins, has its nil and ends. */
export function ScaleEnds({ label, scale }: { label: string; scale: Scale }) {
  return (
    <>
      {label}
      <div className={classes.ends} aria-hidden>
        <span>{formatDifference(scale.low)}</span>
        <span className={classes.zero} style={{ left: `${place(scale, 0)}%` }}>
          0
        </span>
        <span>{formatDifference(scale.high)}</span>
      </div>
    </>
  )
}
