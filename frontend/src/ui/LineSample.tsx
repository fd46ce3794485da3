/** A line as it is drawn on a picture, for its legend: dashes and thickness say it too, not colour alone. */

interface LineLook {
  readonly colour: string
  readonly width: number
  readonly dash: readonly number[]
}

export function LineSample({ look: { colour, width, dash } }: { look: LineLook }) {
  const line = { x1: 0, x2: 26, y1: 6, y2: 6 }
  return (
    <svg width={26} height={12} aria-hidden>
      <line {...line} stroke="#08090e" strokeWidth={width + 2} />
      <line {...line} stroke={colour} strokeWidth={width} strokeDasharray={dash.join(' ')} />
    </svg>
  )
}
