/** Pictures to keep of what the page shows: a plot with its title and legend, and a table of figures. On the page's own ground, as a canvas is clear. */
import type uPlot from 'uplot'

const EDGE_PX = 16
const LINE_PX = 24
const COLUMN_PX = 28
const BAR_PX = 180
const SWATCH_PX = 10
const BAR = '#1c7ed6'

export interface TableOfFigures {
  title: string
  columns?: readonly string[]
  /** As they are read; the first of a row is its name. */
  rows: readonly (readonly string[])[]
  /** Of each row the length of its bar, in any unit. */
  bars?: readonly number[]
}

/** None while the plot is not drawn. */
export function plotPicture(plot: uPlot | null, title: string): HTMLCanvasElement | null {
  if (!plot) return null
  const { canvas } = plot.ctx
  const ratio = canvas.width / plot.width
  const height = canvas.height / ratio
  const legend = plot.legend.show ? plot.series.slice(1) : []
  const context = sheet(plot.width + 2 * EDGE_PX, height + (2 + legend.length) * LINE_PX + EDGE_PX, ratio)
  context.fillText(title, EDGE_PX, LINE_PX)
  context.drawImage(canvas, EDGE_PX, 1.5 * LINE_PX, plot.width, height)
  legend.forEach(({ label, stroke }, at) => {
    const y = height + (at + 2.2) * LINE_PX
    filled(context, colourOf(plot, stroke, at + 1), () =>
      context.fillRect(EDGE_PX, y - SWATCH_PX / 2, SWATCH_PX, SWATCH_PX),
    )
    context.fillText(String(label ?? ''), EDGE_PX + 2 * SWATCH_PX, y)
  })
  return context.canvas
}

/** Names to the left, figures to the right, as wide as what stands in it. */
export function tablePicture({ title, columns, rows, bars }: TableOfFigures): HTMLCanvasElement {
  const measure = sheet(1, 1, 1)
  const lines = columns ? [columns, ...rows] : rows
  const widths = (lines[0] ?? []).map((_, at) =>
    Math.max(...lines.map((line) => measure.measureText(line[at] ?? '').width)),
  )
  const barsAt = EDGE_PX + (widths[0] ?? 0) + COLUMN_PX
  const ends = endsOf(widths, bars ? BAR_PX + COLUMN_PX : 0)
  const width = Math.max(ends.at(-1) ?? 0, EDGE_PX + measure.measureText(title).width) + EDGE_PX
  const context = sheet(width, (lines.length + 1) * LINE_PX + 2 * EDGE_PX, 2)
  context.fillText(title, EDGE_PX, LINE_PX)
  const most = Math.max(1e-9, ...(bars ?? []))
  lines.forEach((line, row) => {
    const y = EDGE_PX + (row + 1.5) * LINE_PX
    line.forEach((text, at) => {
      context.textAlign = at === 0 ? 'left' : 'right'
      context.globalAlpha = line === columns ? 0.7 : 1
      context.fillText(text, at === 0 ? EDGE_PX : (ends[at] ?? 0), y)
    })
    const bar = bars?.[columns ? row - 1 : row]
    if (bar) filled(context, BAR, () => context.fillRect(barsAt, y - SWATCH_PX / 2, (BAR_PX * bar) / most, SWATCH_PX))
  })
  return context.canvas
}

/** Where each column ends, in px. */
function endsOf(widths: readonly number[], afterNames: number): number[] {
  const ends: number[] = []
  widths.forEach((width, at) => {
    ends.push((ends.at(-1) ?? EDGE_PX) + width + (at === 0 ? 0 : COLUMN_PX) + (at === 1 ? afterNames : 0))
  })
  return ends
}

/** An empty one in the page's colours and letters; sizes are in px of the page, `ratio` of the canvas to one of them. */
function sheet(width: number, height: number, ratio: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * ratio)
  canvas.height = Math.ceil(height * ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser draws no pictures.')
  const { backgroundColor, color, fontFamily } = getComputedStyle(document.body)
  context.scale(ratio, ratio)
  filled(context, backgroundColor, () => context.fillRect(0, 0, width, height))
  context.fillStyle = color
  context.font = `14px ${fontFamily}`
  context.textBaseline = 'middle'
  return context
}

function filled(context: CanvasRenderingContext2D, colour: string, draw: () => void): void {
  const before = context.fillStyle
  context.fillStyle = colour
  draw()
  context.fillStyle = before
}

/** uPlot makes a function of every colour. */
function colourOf(plot: uPlot, stroke: uPlot.Series['stroke'], at: number): string {
  const colour = typeof stroke === 'function' ? stroke(plot, at) : stroke
  return typeof colour === 'string' ? colour : BAR
}
