/** AP of one evaluation after the other on the same data: the whole, and each part of the chosen cut. */
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type uPlot from 'uplot'
import { formatFigure } from '../../ui/format'
import { plotAxis } from '../../ui/plotAxis'
import { colourOf } from '../evaluations/curves'
import type { ApLine, ApStep } from './ap'
import { type Drawing, Plot } from './Plot'

const HEIGHT_PX = 200

interface ApPlotProps {
  title: string
  steps: readonly ApStep[]
  lines: readonly ApLine[]
  plot: RefObject<uPlot | null>
}

export function ApPlot({ title, steps, lines, plot }: ApPlotProps) {
  const { t } = useTranslation()
  const models = steps.map(({ model }) => model)
  const places = models.map((_, at) => at)
  const draw = (element: Element, width: number): Drawing => {
    const axis = plotAxis(element)
    return {
      options: {
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
      data: [places, ...lines.map(({ values }) => [...values])] as uPlot.AlignedData,
    }
  }
  const label = `${title}: ${models.join(', ')}`
  return <Plot label={label} heightPx={HEIGHT_PX} drawn={JSON.stringify([models, lines])} draw={draw} plot={plot} />
}

/** As many names as there is room for, and of each as much. */
function named(models: readonly string[], width: number): string[] {
  const every = Math.ceil((models.length * 60) / width)
  const most = Math.max(6, Math.floor((width * every) / models.length / 8))
  return models.map((name, at) => (at % every ? '' : name.length > most ? `${name.slice(0, most - 1)}…` : name))
}
