/** Values of two things side by side for each of some names: pairs of bars. The legend follows the pointer. */
import type { RefObject } from 'react'
import uPlot from 'uplot'
import { plotAxis } from '../../ui/plotAxis'
import { colourOf } from '../evaluations/curves'
import { type Drawing, Plot } from './Plot'

const HEIGHT_PX = 190

interface GroupPlotProps {
  title: string
  /** What the names are of. */
  of: string
  names: readonly string[]
  pair: readonly [{ label: string; values: readonly number[] }, { label: string; values: readonly number[] }]
  format: (value: number) => string
  plot: RefObject<uPlot | null>
}

export function GroupPlot({ title, of, names, pair, format, plot }: GroupPlotProps) {
  const places = names.map((_, at) => at)
  const draw = (element: Element, width: number): Drawing => {
    const axis = plotAxis(element)
    return {
      options: {
        scales: {
          x: { time: false, range: () => [-0.6, names.length - 0.4] },
          y: { range: (_, __, high) => [0, high * 1.08 || 1] },
        },
        axes: [
          {
            ...axis,
            size: 34,
            incrs: [1],
            splits: () => places,
            values: () => names.map((name) => short(name, width / names.length)),
          },
          { ...axis, size: 62, values: (_, splits) => splits.map(format) },
        ],
        series: [
          { label: of, value: (_, place) => (place === null ? '–' : (names[place] ?? '–')) },
          ...pair.map(({ label }, at) => ({
            label,
            stroke: colourOf(at),
            fill: colourOf(at),
            width: 0,
            points: { show: false },
            ...side(at === 0 ? -1 : 1),
            value: (_: uPlot, value: number | null) => (value === null ? '–' : format(value)),
          })),
        ],
        cursor: { drag: { x: false, y: false } },
      },
      data: [places, ...pair.map(({ values }) => [...values])] as uPlot.AlignedData,
    }
  }
  const label = `${title}: ${names.join(', ')}`
  return <Plot label={label} heightPx={HEIGHT_PX} drawn={JSON.stringify([names, pair, of])} draw={draw} plot={plot} />
}

function side(align: -1 | 1): Pick<uPlot.Series, 'paths'> {
  const paths = uPlot.paths.bars?.({ size: [0.38, 24], align })
  return paths ? { paths } : {}
}

/** As much of a name as there is room for. */
function short(name: string, roomPx: number): string {
  const most = Math.max(2, Math.floor(roomPx / 7))
  return name.length > most ? `${name.slice(0, most - 1)}…` : name
}
