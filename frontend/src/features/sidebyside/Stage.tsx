/** One model's view of the frame. All stages share one camera. */
import { Text } from '@mantine/core'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownFrame } from '../../api/types'
import type { Camera } from '../../editor/math/camera'
import type { Surface } from '../../editor/render/surface'
import { PictureStage } from '../../ui/PictureStage'
import type { Pane } from './differences'
import { paint } from './paint'
import classes from './sidebyside.module.css'

interface StageProps {
  pane: Pane
  frame: ShownFrame
  image: HTMLImageElement | null
  /** Null shows the whole frame. */
  camera: Camera | null
  named: boolean
  onCamera: (camera: Camera) => void
}

export function Stage({ pane, frame, image, camera, named, onCamera }: StageProps) {
  const { t } = useTranslation()
  const draw = useCallback(
    (surface: Surface, seen: Camera) => paint(surface, { image, size: frame, pane, camera: seen, named }),
    [image, frame, pane, named],
  )
  const label = t('sideBySide.stage', {
    role: t(`sideBySide.role.${pane.model.role}`),
    model: pane.model.name,
    count: pane.detections.length,
    frame: frame.name,
  })
  return (
    <figure className={classes.pane}>
      <figcaption>
        <Text size="sm" fw={600} span>
          {t(`sideBySide.role.${pane.model.role}`)}
        </Text>{' '}
        <Text size="xs" c="dimmed" span>
          {pane.model.name}
        </Text>
      </figcaption>
      <PictureStage frame={frame} camera={camera} label={label} draw={draw} onCamera={onCamera} />
    </figure>
  )
}
