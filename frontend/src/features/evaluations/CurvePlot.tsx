/** Lines of precision over recall; the legend follows the pointer and says the score at which a point is reached. */
import { Text, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { plotAxis } from '../../ui/plotAxis'
import { columns, type Line } from './curves'
import classes from './evaluations.module.css'

const HEIGHT_PX = 400
const LARGEST_WIDTH_PX = 860
const UNIT: [number, number] = [0, 1]

interface Words {
  recall: string
  precision: string
  score: string
}

export function CurvePlot({ lines }: { lines: Line[] }) {
  const { t } = useTranslation()
  const { ref: box, width } = useElementSize()
  const plotted = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const words = {
    recall: t('evaluations.recall'),
    precision: t('evaluations.precision'),
    score: t('evaluations.score'),
  }
  // One string for the words and what is drawn: the plot is made anew when it changes, not at every render.
  const drawn = JSON.stringify([lines.map(({ name, colour }) => [name, colour]), words])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the lines and the words, `scheme` for the colours
  useEffect(() => {
    if (!plotted.current || width === 0 || lines.length === 0) return
    const size = { width: Math.min(width, LARGEST_WIDTH_PX), height: HEIGHT_PX }
    const plot = new uPlot({ ...size, ...optionsOf(lines, words, plotted.current) }, columns(lines), plotted.current)
    return () => plot.destroy()
  }, [drawn, scheme, width])
  return (
    <div ref={box} className={classes.plot}>
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('evaluations.noCurve')}
        </Text>
      )}
      <div
        ref={plotted}
        role="img"
        aria-label={`${words.precision} / ${words.recall}: ${lines.map(({ name }) => name).join(', ')}`}
      />
    </div>
  )
}

function optionsOf(lines: Line[], words: Words, element: Element): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = {
    ...plotAxis(element),
    size: 34,
    values: (_: uPlot, splits: number[]) => splits.map((split) => split.toFixed(1)),
  }
  return {
    scales: { x: { time: false, range: () => UNIT }, y: { range: () => UNIT } },
    axes: [
      { ...axis, label: words.recall },
      { ...axis, label: words.precision },
    ],
    series: [
      { label: words.recall, value: (_, recall) => recall?.toFixed(2) ?? '–' },
      ...lines.map(({ name, colour, curve }) => ({
        label: name,
        stroke: colour,
        width: 2,
        points: { show: false },
        value: (_: uPlot, precision: number | null, __: number, at: number | null) =>
          pointText(precision, at === null ? undefined : curve.score[at], words),
      })),
    ],
    cursor: { drag: { x: false, y: false } },
  }
}

function pointText(precision: number | null, score: number | undefined, words: Words): string {
  if (precision === null || score === undefined) return '–'
  return `${precision.toFixed(2)} (${words.score.toLowerCase()} ${score.toFixed(2)})`
}
