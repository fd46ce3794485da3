/** One error where it happened: the frame, the box, and the way to the desk. */
import { Group, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { apiUrl } from '../../api/client'
import type { DetectionError } from '../../api/report'
import { ButtonLink } from '../../ui/ButtonLink'
import classes from './evaluations.module.css'

export function ErrorPreview({ error }: { error: DetectionError | undefined }) {
  const { t } = useTranslation()
  if (!error)
    return (
      <div className={classes.preview}>
        <div className={classes.gone}>{t('evaluations.noErrors')}</div>
      </div>
    )
  return (
    <div className={classes.preview}>
      {error.frame === null ? (
        <div className={classes.gone}>{t('evaluations.frameGone')}</div>
      ) : (
        <Picture key={error.frame} frame={error.frame} error={error} />
      )}
      <Group justify="space-between" mt="sm" wrap="nowrap" align="flex-start">
        <div>
          <Text size="sm" fw={600}>
            {t(`evaluations.kind.${error.kind}`)}: {t(`evaluations.kindHelp.${error.kind}`)}
          </Text>
          <Facts error={error} />
        </div>
        {error.frame !== null && (
          <ButtonLink
            to="/audit/desk"
            search={{ frame: error.frame }}
            preload={false}
            size="xs"
            variant="light"
            rightSection={<IconArrowRight size={14} />}
            style={{ flex: 'none' }}
          >
            {t('evaluations.openDesk')}
          </ButtonLink>
        )}
      </Group>
    </div>
  )
}

function Facts({ error: { category, predicted, score, iou } }: { error: DetectionError }) {
  const { t } = useTranslation()
  const facts = [
    category && `${t('evaluations.truth')}: ${category}`,
    predicted && `${t('evaluations.predicted')}: ${predicted}`,
    score !== null && `${t('evaluations.score')} ${score.toFixed(2)}`,
    iou > 0 && `${t('evaluations.iou')} ${iou.toFixed(2)}`,
  ]
  return (
    <Text size="sm" c="dimmed">
      {facts.filter(Boolean).join(' · ')}
    </Text>
  )
}

/** The box is in pixels of the original frame, whose size the picture brings along. */
function Picture({ frame, error }: { frame: number; error: DetectionError }) {
  const { t } = useTranslation()
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [x, y, width, height] = error.box_xywh
  return (
    <div className={classes.picture}>
      <img
        src={apiUrl(`/frames/${frame}/image`)}
        alt={t('evaluations.pictureOf', { frame })}
        decoding="async"
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize({ width: naturalWidth, height: naturalHeight })
        }
      />
      {size && (
        <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
          <rect x={x} y={y} width={width} height={height} style={{ stroke: `var(--kind-${error.kind})` }} />
        </svg>
      )}
    </div>
  )
}
