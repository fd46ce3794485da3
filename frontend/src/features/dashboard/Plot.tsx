/** A plot as wide as its place, drawn anew when its figures, its width or the colours change. */
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { type RefObject, useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import classes from './dashboard.module.css'

export interface Drawing {
  options: Omit<uPlot.Options, 'width' | 'height'>
  data: uPlot.AlignedData
}

interface PlotProps {
  /** For who does not see it. */
  label: string
  heightPx: number
  /** The figures and the words of the drawing, as one string. */
  drawn: string
  /** `element` has the colours, `width` is in px. */
  draw: (element: Element, width: number) => Drawing
  plot: RefObject<uPlot | null>
}

export function Plot({ label, heightPx, drawn, draw, plot }: PlotProps) {
  const { ref: box, width } = useElementSize()
  const element = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `drawn` stands for the figures and the words, `scheme` for the colours
  useEffect(() => {
    if (!element.current || width === 0) return
    const { options, data } = draw(element.current, width)
    const made = new uPlot({ width, height: heightPx, ...options }, data, element.current)
    plot.current = made
    return () => {
      made.destroy()
      plot.current = null
    }
  }, [drawn, scheme, width])
  return (
    <div ref={box} className={classes.plot}>
      <div ref={element} role="img" aria-label={label} />
    </div>
  )
}
