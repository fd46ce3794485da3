/** One person's label on the frame, with the other's as a thin line to measure by. Both stages share one camera. */
import { Text } from '@mantine/core'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Disagreement } from '../../api/types'
import { type Box, describeBox } from '../../editor/math/box'
import type { Camera } from '../../editor/math/camera'
import { pathOf, strokeBox } from '../../editor/render/boxLayer'
import type { Surface } from '../../editor/render/surface'
import { told } from '../../i18n/told'
import { PictureStage } from '../../ui/PictureStage'
import { drawName, LOOKS } from '../sidebyside/paint'
import type { Side } from './opinions'

interface OpinionStageProps {
  row: Disagreement
  side: Side
  image: HTMLImageElement | null
  camera: Camera | null
  focus: Box | null
  onCamera: (camera: Camera) => void
}

export function OpinionStage({ row, side, image, camera, focus, onCamera }: OpinionStageProps) {
  const { t } = useTranslation()
  const { user, label } = row[side]
  const other = row[side === 'first' ? 'second' : 'first'].label
  const draw = useCallback(
    (surface: Surface, seen: Camera) => paint(surface, seen, { image, size: row.frame, label, other }),
    [image, row.frame, label, other],
  )
  const who = user?.name ?? t('consensus.somebody')
  const what = label ? label.name : t('consensus.nothingThere')
  return (
    <figure style={{ minWidth: 0, margin: 0 }}>
      <figcaption>
        <Text size="sm" fw={600} span>
          {t(`consensus.${side}`)}
        </Text>{' '}
        <Text size="sm" span>
          {who}: {what}
        </Text>
      </figcaption>
      <PictureStage
        frame={row.frame}
        camera={camera}
        focus={focus}
        label={t('consensus.view', {
          who,
          frame: row.frame.name,
          label: label ? `${what}, ${told(describeBox(label))}` : what,
        })}
        draw={draw}
        onCamera={onCamera}
      />
    </figure>
  )
}

interface Drawing {
  image: HTMLImageElement | null
  size: { width: number; height: number }
  label: (Box & { name: string }) | null
  other: Box | null
}

function paint(surface: Surface, camera: Camera, { image, size, label, other }: Drawing): void {
  const context = surface.cleared()
  const { scale, x, y } = camera
  if (image) context.drawImage(image, x, y, size.width * scale, size.height * scale)
  if (other) strokeBox(context, pathOf([other], camera), { ...LOOKS.kept, dash: [2, 4] })
  if (!label) return
  strokeBox(context, pathOf([label], camera), LOOKS.gained)
  drawName(context, label.name, LOOKS.gained.colour, label.x * scale + x, label.y * scale + y)
}
