/** One histogram. A drag keeps what it covers; a double click, or the cross, opens it again. */
import { ActionIcon, NumberInput, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { plotAxis } from '../../ui/plotAxis'
import { brushed, lastWhole, placeOf } from './bins'
import classes from './explore.module.css'

const HEIGHT_PX = 96

interface SpreadProps {
  title: string
  edges: readonly number[]
  counts: readonly number[]
  whole: boolean
  range: readonly [number | null, number | null]
  onRange: (low: number | null, high: number | null) => void
}

export function Spread({ title, edges, counts, whole, range, onRange }: SpreadProps) {
  const { t } = useTranslation()
  const { ref: box, width } = useElementSize()
  const element = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const heard = useRef(onRange)
  heard.current = onRange
  const [low, high] = range
  const hours = edges.length === 25
  const end = (value: number): number => (hours ? lastWhole(value) : value)
  const drawn = JSON.stringify([edges, counts, range])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the numbers, `scheme` for the colours
  useEffect(() => {
    if (!element.current || width === 0) return
    const ink = getComputedStyle(element.current).getPropertyValue('--mantine-primary-color-filled')
    const made = new uPlot(
      {
        width,
        height: HEIGHT_PX,
        ...optionsOf(edges, [low, hours && high !== null ? high + 1 : high], ink, element.current),
        hooks: {
          setSelect: [
            (plot) => {
              if (plot.select.width < 2) return
              const from = plot.posToVal(plot.select.left, 'x')
              const found = brushed(edges, from, plot.posToVal(plot.select.left + plot.select.width, 'x'))
              heard.current(found?.[0] ?? null, found ? end(found[1]) : null)
            },
          ],
        },
      },
      [counts.map((_, bin) => bin), [...counts]],
      element.current,
    )
    return () => made.destroy()
  }, [drawn, scheme, width])
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (
    <div className={classes.spread}>
      <div className={classes.spreadHead}>
        <b>{title}</b>
        <Limit
          label={t('explore.from', { title })}
          value={low}
          whole={whole}
          onChange={(value) => onRange(value, high)}
        />
        <span aria-hidden>–</span>
        <Limit
          label={t('explore.to', { title })}
          value={high}
          whole={whole}
          onChange={(value) => onRange(low, value)}
        />
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('explore.openRange', { title })}
          disabled={low === null && high === null}
          onClick={() => onRange(null, null)}
        >
          <IconX size={14} />
        </ActionIcon>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the cross does the same by keyboard. */}
      <div ref={box} onDoubleClick={() => onRange(null, null)}>
        <div ref={element} role="img" aria-label={t('explore.spreadOf', { title, count: total })} />
      </div>
    </div>
  )
}

interface LimitProps {
  label: string
  value: number | null
  whole: boolean
  onChange: (value: number | null) => void
}

/** Taken over when it is left or Enter is pressed, not key by key. */
function Limit({ label, value, whole, onChange }: LimitProps) {
  const typed = useRef<string | number>(value ?? '')
  const take = (): void => {
    const next = typed.current === '' ? null : Number(typed.current)
    if (next !== value) onChange(next)
  }
  return (
    <NumberInput
      key={value ?? ''}
      size="xs"
      w={52}
      hideControls
      aria-label={label}
      placeholder="·"
      min={0}
      decimalScale={whole ? 0 : 2}
      defaultValue={value ?? ''}
      onChange={(next) => {
        typed.current = next
      }}
      onBlur={take}
      onKeyDown={({ key }) => key === 'Enter' && take()}
    />
  )
}

function optionsOf(
  edges: readonly number[],
  [low, high]: readonly [number | null, number | null],
  ink: string,
  element: Element,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = plotAxis(element)
  const bins = edges.length - 1
  return {
    scales: {
      x: { time: false, range: () => [-0.5, bins - 0.5] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        grid: { show: false },
        splits: () => edges.map((_, at) => at - 0.5),
        values: (_, splits) => splits.map((at, n) => (n % Math.ceil(bins / 5) === 0 ? shown(edges[at + 0.5]) : '')),
      },
      { show: false },
    ],
    series: [{}, { fill: ink, width: 0, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.9, 60] }) }],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
    plugins: low === null && high === null ? [] : [shade(edges, low, high)],
  }
}

/** What lies outside the range is drawn over, so that one sees what was kept. */
function shade(edges: readonly number[], low: number | null, high: number | null): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { left, top, width, height } = plot.bbox
        const at = (value: number): number => plot.valToPos(placeOf(edges, value) - 0.5, 'x', true)
        plot.ctx.fillStyle = 'rgba(128, 128, 128, 0.45)'
        if (low !== null) plot.ctx.fillRect(left, top, Math.max(0, at(low) - left), height)
        if (high !== null) plot.ctx.fillRect(at(high), top, Math.max(0, left + width - at(high)), height)
      },
    },
  }
}

const shown = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value * 100) / 100))
