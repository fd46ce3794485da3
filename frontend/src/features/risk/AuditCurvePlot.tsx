/** Errors found over labels audited; the legend follows the pointer. */
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { AuditCurve, RankingName } from '../../api/types'
import { plotAxis } from '../../ui/plotAxis'
import { COLOURS, columnsOf } from './rankings'
import classes from './risk.module.css'

const HEIGHT_PX = 320
const LARGEST_WIDTH_PX = 860
const UNIT: [number, number] = [0, 1]

interface Words {
  audited: string
  found: string
  random: string
  perfect: string
  rankings: string[]
}

export function AuditCurvePlot({ curve, shown }: { curve: AuditCurve; shown: readonly RankingName[] }) {
  const { t } = useTranslation()
  const { ref: box, width } = useElementSize()
  const plotted = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const words: Words = {
    audited: t('risk.audited'),
    found: t('risk.found'),
    random: t('risk.random'),
    perfect: t('risk.perfect'),
    rankings: shown.map((name) => t(`risk.ranking.${name}`)),
  }
  const drawn = JSON.stringify([shown, words])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the rankings and the words, `scheme` for the colours
  useEffect(() => {
    if (!plotted.current || width === 0) return
    const options = optionsOf(shown, words, plotted.current)
    const size = { width: Math.min(width, LARGEST_WIDTH_PX), height: HEIGHT_PX }
    const plot = new uPlot({ ...size, ...options }, columnsOf(curve, shown) as uPlot.AlignedData, plotted.current)
    return () => plot.destroy()
  }, [curve, drawn, scheme, width])
  return (
    <div ref={box} className={classes.plot}>
      <div ref={plotted} role="img" aria-label={`${words.found} / ${words.audited}: ${words.rankings.join(', ')}`} />
    </div>
  )
}

function optionsOf(shown: readonly RankingName[], words: Words, element: Element) {
  const style = getComputedStyle(element)
  const axis = {
    ...plotAxis(element),
    size: 40,
    values: (_: uPlot, splits: number[]) => splits.map(percent),
  }
  const line = { points: { show: false }, value: (_: uPlot, share: number | null) => percent(share) }
  return {
    scales: { x: { time: false, range: () => UNIT }, y: { range: () => UNIT } },
    axes: [
      { ...axis, label: words.audited },
      { ...axis, label: words.found },
    ],
    series: [
      { label: words.audited, value: (_: uPlot, share: number | null) => percent(share) },
      { ...line, label: words.random, stroke: style.color, dash: [2, 4] },
      { ...line, label: words.perfect, stroke: style.color, dash: [8, 4] },
      ...shown.map((name, at) => ({ ...line, label: words.rankings[at], stroke: COLOURS[name], width: 2 })),
    ],
    cursor: { drag: { x: false, y: false } },
  }
}

function percent(share: number | null | undefined): string {
  return share == null ? '–' : `${Math.round(share * 100)} %`
}
