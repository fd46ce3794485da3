/** Figures by day: a flow as bars that stack, a level as lines. The legend follows the pointer. */
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { plotAxis } from '../../ui/plotAxis'
import { colourOf } from '../evaluations/curves'
import { type Line, noon, stacked } from './days'
import { Plot } from './Plot'

const HEIGHT_PX = 190
const DAY_S = 86_400
const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power))

interface DayPlotProps {
  title: string
  days: readonly string[]
  lines: readonly Line[]
  /** Of the lines, in their order. */
  names: readonly string[]
  bars: boolean
  /** Ticks at whole numbers only. */
  whole: boolean
  format: (value: number) => string
  plot: RefObject<uPlot | null>
}

export function DayPlot({ title, days, lines, names, bars, whole, format, plot }: DayPlotProps) {
  const { t, i18n } = useTranslation()
  const draw = (element: Element) => ({
    options: optionsOf({ days, lines, names, bars, whole, format }, t('dashboard.day'), i18n.language, element),
    // The highest bar of a stack is drawn first, and the lower ones over it.
    data: [
      days.map(noon),
      ...(bars ? stacked(lines).reverse() : lines.map(({ values }) => [...values])),
    ] as uPlot.AlignedData,
  })
  const label = `${title}: ${names.join(', ')}`
  const drawn = JSON.stringify([days, lines, names, bars])
  return <Plot label={label} heightPx={HEIGHT_PX} drawn={drawn} draw={draw} plot={plot} />
}

type Drawn = Pick<DayPlotProps, 'days' | 'lines' | 'names' | 'bars' | 'whole' | 'format'>

function optionsOf(
  { days, lines, names, bars, whole, format }: Drawn,
  day: string,
  language: string,
  element: Element,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = plotAxis(element)
  // A line of one day is a dot.
  const barred = bars
    ? { paths: uPlot.paths.bars?.({ size: [0.7, 40] }), points: { show: false } }
    : { points: { show: days.length <= 90, size: 4 } }
  const order = bars ? lines.map((_, at) => at).reverse() : lines.map((_, at) => at)
  const first = noon(days[0] ?? '')
  const last = noon(days.at(-1) ?? '')
  return {
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: {
      x: { range: () => [first - DAY_S / 2, last + DAY_S / 2] },
      y: { range: (_, __, high) => [0, high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, size: 34, values: (_, splits) => splits.map((seconds) => dayOf(seconds, language)) },
      { ...axis, size: 74, values: (_, splits) => splits.map(format), ...(whole ? { incrs: WHOLE } : {}) },
    ],
    series: [
      { label: day, value: (_, seconds) => (seconds === null ? '–' : dayOf(seconds, language)) },
      ...order.map((at) => ({
        label: names[at] ?? '',
        stroke: colourOf(at),
        ...(bars ? { fill: colourOf(at) } : {}),
        width: bars ? 0 : 2,
        spanGaps: true,
        ...barred,
        value: (_: uPlot, __: unknown, ___: number, index: number | null) => {
          const value = index === null ? null : lines[at]?.values[index]
          return value === null || value === undefined ? '–' : format(value)
        },
      })),
    ],
    legend: { show: lines.length > 1 || names[0] !== '' },
    cursor: { drag: { x: false, y: false } },
  }
}

/** "28 Nov", of UTC as the server counts. */
function dayOf(seconds: number, language: string): string {
  return new Date(seconds * 1000).toLocaleDateString(language, { day: 'numeric', month: 'short', timeZone: 'UTC' })
}
