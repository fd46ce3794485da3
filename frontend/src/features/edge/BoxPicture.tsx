/** A frame with boxes over it. The picture's size comes with the frame, so that nothing jumps. */
import { Text } from '@mantine/core'
import { apiUrl } from '../../api/client'
import classes from './edge.module.css'

export interface Shown {
  category: string
  score: number | null
  x1: number
  y1: number
  x2: number
  y2: number
}

interface BoxPictureProps {
  frame: number | null
  size: { width: number; height: number } | undefined
  shown: readonly Shown[]
  title: string
  note: string
}

export function BoxPicture({ frame, size, shown, title, note }: BoxPictureProps) {
  const told = shown.map(({ category, score }) => `${category}${score === null ? '' : ` ${score.toFixed(2)}`}`)
  const { width, height } = size ?? { width: 16, height: 9 }
  return (
    <figure className={classes.pane}>
      <figcaption>
        <Text size="sm" fw={600} span>
          {title}
        </Text>{' '}
        <Text size="xs" c="dimmed" span>
          {note}
        </Text>
      </figcaption>
      <div className={classes.picture} style={{ aspectRatio: `${width} / ${height}` }}>
        {frame !== null && <img src={apiUrl(`/frames/${frame}/image`)} alt={`${title}: ${told.join(', ')}`} />}
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
          {shown.map(({ x1, y1, x2, y2 }, place) => (
            <g key={`${x1} ${y1} ${told[place]}`}>
              <rect x={x1} y={y1} width={x2 - x1} height={y2 - y1} />
              <text x={x1} y={Math.max(y1 - height / 120, height / 30)} fontSize={height / 32}>
                {told[place]}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </figure>
  )
}
