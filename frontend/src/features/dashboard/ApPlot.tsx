/** AP of one evaluation after the other on the same data: the whole, and each part of the chosen cut. */
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type RefObject, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatFigure } from '../../ui/format'
import { plotAxis } from '../../ui/plotAxis'
import { colourOf } from '../evaluations/curves'
import type { ApLine, ApStep } from './ap'
import classes from './dashboard.module.css'

const HEIGHT_PX = 200

interface ApPlotProps {
  title: string
  steps: readonly ApStep[]
  lines: readonly ApLine[]
  plot: RefObject<uPlot | null>
}

export function ApPlot({ title, steps, lines, plot }: ApPlotProps) {
  const { ref: box, width } = useElementSize()
  const element = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const { t } = useTranslation()
  const models = steps.map(({ model }) => model)
  const drawn = JSON.stringify([models, lines])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the figures and the words, `scheme` for the colours
  useEffect(() => {
    if (!element.current || width === 0) return
    const axis = plotAxis(element.current)
    const places = models.map((_, at) => at)
    const made = new uPlot(
      {
        width,
        height: HEIGHT_PX,
        scales: {
          x: { time: false, range: () => [-0.3, models.length - 0.7] },
          y: { range: (_, __, high) => [0, high * 1.08 || 1] },
        },
        axes: [
          { ...axis, size: 34, incrs: [1], splits: () => places, values: () => named(models, width) },
          { ...axis, size: 54 },
        ],
        series: [
          { label: t('ledger.model'), value: (_, place) => (place === null ? '–' : (models[place] ?? '–')) },
          ...lines.map(({ part }, at) => ({
            label: part,
            stroke: colourOf(at),
            width: at === 0 ? 3 : 1.5,
            spanGaps: true,
            points: { show: true, size: 6 },
            value: (_: uPlot, value: number | null) => formatFigure(value),
          })),
        ],
        cursor: { drag: { x: false, y: false } },
      },
      [places, ...lines.map(({ values }) => [...values])] as uPlot.AlignedData,
      element.current,
    )
    plot.current = made
    return () => {
      made.destroy()
      plot.current = null
    }
  }, [drawn, scheme, width])
  return (
    <div ref={box} className={classes.plot}>
      <div ref={element} role="img" aria-label={`${title}: ${models.join(', ')}`} />
    </div>
  )
}

/** As many names as there is room for, and of each as much. */
function named(models: readonly string[], width: number): string[] {
  const every = Math.ceil((models.length * 60) / width)
  const most = Math.max(6, Math.floor((width * every) / models.length / 8))
  return models.map((name, at) => (at % every ? '' : name.length > most ? `${name.slice(0, most - 1)}…` : name))
}
