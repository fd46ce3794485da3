/** Lines over the iterations: the legend follows the pointer and switches lines, and what is drawn can be saved as a picture or a table. */
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { PlotSavers } from '../../ui/PlotSavers'
import { plotPicture } from '../../ui/pictures'
import { plotAxis } from '../../ui/plotAxis'
import { aligned, csv, type Series } from './curves'
import classes from './training.module.css'

const HEIGHT_PX = 280
const LOWEST_TOP = 0.01 // ticks have three decimals: below, a fresh model's AP would have an axis of noughts

interface RunPlotProps {
  title: string
  series: readonly Series[]
  logarithmic?: boolean
  /** Values in [0, 1]. */
  unit?: boolean
}

export function RunPlot({ title, series, logarithmic = false, unit = false }: RunPlotProps) {
  const { t } = useTranslation()
  const { ref: box, width } = useElementSize()
  const drawn = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const scheme = useComputedColorScheme()
  const iteration = t('training.iteration')
  // The plot is made anew when what it draws with changes; new rows only come behind the old ones.
  const look = JSON.stringify([series.map(({ name, colour }) => [name, colour]), logarithmic, iteration])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` stands for the series' names and colours, `scheme` for the page's
  useEffect(() => {
    if (!drawn.current || width === 0) return
    const options = optionsOf(series, { iteration, logarithmic, unit }, drawn.current)
    const made = new uPlot({ width, height: HEIGHT_PX, ...options }, aligned(series), drawn.current)
    plot.current = made
    return () => made.destroy()
  }, [look, scheme, width])
  useEffect(() => plot.current?.setData(aligned(series)), [series])
  return (
    <div ref={box} className={classes.plot}>
      <PlotSavers
        title={title}
        picture={() => plotPicture(plot.current, title)}
        csv={() => csv(iteration, series)}
        className={classes.savers}
      />
      <div ref={drawn} role="img" aria-label={`${title}: ${series.map(({ name }) => name).join(', ')}`} />
    </div>
  )
}

function optionsOf(
  series: readonly Series[],
  { iteration, logarithmic, unit }: { iteration: string; logarithmic: boolean; unit: boolean },
  element: Element,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = plotAxis(element)
  const range = unit
    ? {
        range: (_: uPlot, __: number, high: number): [number, number] => [
          0,
          Math.min(1, Math.max(LOWEST_TOP, high * 1.1 || 1)),
        ],
      }
    : {}
  return {
    scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1, ...range } },
    axes: [
      { ...axis, label: iteration, size: 34 },
      { ...axis, size: 52 },
    ],
    series: [
      { label: iteration },
      ...series.map(({ name, colour, shown = true }) => ({
        label: name,
        stroke: colour,
        width: 2,
        show: shown,
        spanGaps: true,
        ...(unit ? { points: { show: true } } : {}),
        value: (_: uPlot, value: number | null) =>
          value === null || value === undefined ? '–' : value.toFixed(unit ? 3 : 4),
      })),
    ],
    cursor: { drag: { x: true, y: false } },
  }
}
