/** A frame with boxes over it. The picture's size comes with the frame, so that nothing jumps; both pictures share one camera. */
import { Text } from '@mantine/core'
import { type ReactNode, useCallback } from 'react'
import type { Camera } from '../../editor/math/camera'
import type { Surface } from '../../editor/render/surface'
import { PictureStage } from '../../ui/PictureStage'
import type { Marks } from '../sidebyside/differences'
import classes from './edge.module.css'
import { paint } from './paint'
import type { Shown } from './shown'

/** What both pictures have in common. */
export interface Scene {
  image: HTMLImageElement | null
  size: { width: number; height: number }
  colour: (category: string) => string
  camera: Camera | null
  onCamera: (camera: Camera) => void
}

interface BoxPictureProps extends Scene {
  shown: readonly Shown[]
  marks: Marks | null
  title: string
  note: ReactNode
}

export function BoxPicture({ image, size, colour, camera, onCamera, shown, marks, title, note }: BoxPictureProps) {
  const draw = useCallback(
    (surface: Surface, seen: Camera) => paint(surface, { image, size, shown, marks, colour, camera: seen }),
    [image, size, shown, marks, colour],
  )
  const told = shown.map(({ category, score }) => `${category}${score === null ? '' : ` ${score.toFixed(2)}`}`)
  return (
    <figure className={classes.pane}>
      <figcaption>
        <Text size="sm" fw={600} span>
          {title}
        </Text>
        <Text size="sm" c="dimmed" span>
          {note}
        </Text>
      </figcaption>
      <PictureStage
        frame={size}
        camera={camera}
        label={`${title}: ${told.join(', ')}`}
        draw={draw}
        onCamera={onCamera}
      />
    </figure>
  )
}
