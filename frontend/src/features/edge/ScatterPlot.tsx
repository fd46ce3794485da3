/** AP over a cost: a point a network, a line through those that nothing beats, and lines through models that came of one another. */
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { PlotSavers } from '../../ui/PlotSavers'
import { plotPicture } from '../../ui/pictures'
import { plotAxis } from '../../ui/plotAxis'
import classes from './edge.module.css'
import { type Place, PointMark } from './PointMark'
import {
  aligned,
  apRange,
  type Cost,
  type Curve,
  csvOf,
  frontOf,
  keyOf,
  type Point,
  placed,
  type Rect,
  together,
} from './scatter'

const HEIGHT_PX = 380
const COLOURS = { 32: '#1c7ed6', 8: '#e8590c', front: '#2b8a3e' }
const CURVES = ['#7048e8', '#0b7285', '#c2255c', '#5c940d']
const [NAME_PX, RIM_PX, GAP_PX] = [11, 4, 6] // of a name: its height, its rim, its way from the point
const NEAR_PX = 10

interface Drawn {
  label: string
  colour: string
  points: readonly Point[]
  line: boolean
}

interface ScatterPlotProps {
  cost: Cost
  points: readonly Point[]
  curves: readonly Curve[]
}

export function ScatterPlot({ cost, points, curves }: ScatterPlotProps) {
  const { t } = useTranslation()
  const { ref: box, width } = useElementSize()
  const drawnIn = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const [places, setPlaces] = useState<Place[]>([])
  const scheme = useComputedColorScheme()
  const label = t(`edge.cost.${cost}`)
  const drawn: Drawn[] = [
    { label: t('edge.front'), colour: COLOURS.front, points: frontOf(points), line: true },
    ...curves.map(({ root, points: held }, place) => ({
      label: t('edge.from', { name: root }),
      colour: CURVES[place % CURVES.length] ?? COLOURS.front,
      points: held,
      line: true,
    })),
    ...([32, 8] as const).map((bits) => ({
      label: t('edge.bits', { bits }),
      colour: COLOURS[bits],
      points: points.filter((point) => point.bits === bits),
      line: false,
    })),
  ]
  const look = JSON.stringify([drawn, label])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` stands for the points and the words, `scheme` for the page's colours
  useEffect(() => {
    if (!drawnIn.current || width === 0) return
    const options = optionsOf(drawn, label, drawnIn.current, setPlaces)
    const made = new uPlot({ width, height: HEIGHT_PX, ...options }, aligned(drawn), drawnIn.current)
    plot.current = made
    return () => made.destroy()
  }, [look, scheme, width])
  const title = t('edge.apOver', { cost: label })
  return (
    <div ref={box} className={classes.plot}>
      <PlotSavers
        title={title}
        picture={() => plotPicture(plot.current, title)}
        csv={() => csvOf(points, cost)}
        className={classes.savers}
      />
      <div className={classes.marked}>
        <div ref={drawnIn} role="img" aria-label={`${title}: ${points.length}`} />
        {places.map((place) => (
          <PointMark key={place.points.map(keyOf).join()} place={place} cost={label} />
        ))}
      </div>
    </div>
  )
}

function optionsOf(
  drawn: readonly Drawn[],
  label: string,
  element: Element,
  show: (places: Place[]) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = plotAxis(element)
  const none = { paths: () => null }
  return {
    scales: {
      x: { time: false, range: (_, low, high) => [Math.max(0, low - (high - low || low) * 0.1), high * 1.12] },
      y: { range: (_, low, high) => apRange(low, high) },
    },
    axes: [
      { ...axis, label, size: 34 },
      { ...axis, label: 'AP', size: 52 },
    ],
    series: [
      { label },
      ...drawn.map(({ label: name, colour, line }) => ({
        label: name,
        stroke: colour,
        width: 2,
        spanGaps: true,
        points: { show: !line, size: 9, fill: colour },
        value: (_: uPlot, value: number | null | undefined) => value?.toFixed(3) ?? '–',
        ...(line ? {} : none),
      })),
    ],
    cursor: { drag: { x: true, y: false } },
    hooks: {
      draw: [
        (plot) => {
          const named = drawn
            .flatMap(({ points, line }) => (line ? [] : points))
            .filter((point) => inSight(plot, point))
          writeNames(plot, named, { ink: axis.stroke, paper: getComputedStyle(element).backgroundColor })
          show(placesOf(plot, named))
        },
      ],
    },
  }
}

/** Beside each point the name of its model; colours alone say nothing. A line that passes is kept off by a rim of the paper's colour, and one leads to a name that had to step aside. */
function writeNames(plot: uPlot, named: readonly Point[], { ink, paper }: { ink: string; paper: string }): void {
  const { ctx, bbox } = plot
  const height = NAME_PX * devicePixelRatio
  ctx.save()
  ctx.fillStyle = ink
  ctx.strokeStyle = paper
  ctx.lineWidth = RIM_PX * devicePixelRatio
  ctx.lineJoin = 'round'
  ctx.font = `${height}px sans-serif`
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  const names = named.map(({ model, input }) => `${model.name} ${input}`)
  const at = named.map(({ x, ap }, place) => ({
    x: plot.valToPos(x, 'x', true),
    y: plot.valToPos(ap, 'y', true),
    width: ctx.measureText(names[place] ?? '').width,
    height,
  }))
  const area = { x: bbox.left, y: bbox.top, width: bbox.width, height: bbox.height }
  for (const [place, { x, y }] of placed(at, GAP_PX * devicePixelRatio, area).entries()) {
    lead(ctx, at[place] ?? { x, y }, { x, y, width: at[place]?.width ?? 0, height })
    ctx.strokeText(names[place] ?? '', x, y)
    ctx.fillText(names[place] ?? '', x, y)
  }
  ctx.restore()
}

/** A thin line from a point to its name, where they are not side by side. */
function lead(ctx: CanvasRenderingContext2D, point: { x: number; y: number }, name: Rect): void {
  const middle = name.y + name.height / 2
  if (Math.abs(middle - point.y) < name.height * 1.5) return
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle
  ctx.globalAlpha = 0.5
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(point.x, point.y)
  ctx.lineTo(name.x > point.x ? name.x - devicePixelRatio : name.x + name.width + devicePixelRatio, middle)
  ctx.stroke()
  ctx.restore()
}

/** Whether the part that was zoomed into has it. */
function inSight(plot: uPlot, { x, ap }: Point): boolean {
  const { x: across, y: up } = plot.scales
  const within = (scale: uPlot.Scale | undefined, value: number) =>
    value >= (scale?.min ?? value) && value <= (scale?.max ?? value)
  return within(across, x) && within(up, ap)
}

/** Where the eye sees points, in CSS px of the plot. */
function placesOf(plot: uPlot, named: readonly Point[]): Place[] {
  const { offsetLeft, offsetTop } = plot.over
  const at = named.map(({ x, ap }) => ({
    x: offsetLeft + plot.valToPos(x, 'x'),
    y: offsetTop + plot.valToPos(ap, 'y'),
  }))
  return together(at, NEAR_PX).map((group) => ({
    ...(at[group[0] ?? 0] ?? { x: 0, y: 0 }),
    points: group.flatMap((place) => named[place] ?? []),
  }))
}
