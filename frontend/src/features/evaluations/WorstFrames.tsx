/** The frames with the costliest errors; each opens in the audit desk. */
import { Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ERROR_KINDS, type WorstFrame } from '../../api/report'
import { EmptyState } from '../../ui/EmptyState'
import { thumbnailUrl } from '../footage/queries'
import classes from './evaluations.module.css'

export function WorstFrames({ frames }: { frames: WorstFrame[] }) {
  const { t } = useTranslation()
  if (frames.length === 0)
    return (
      <EmptyState icon={IconCheck} title={t('evaluations.noErrors')}>
        {t('evaluations.worstLead')}
      </EmptyState>
    )
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('evaluations.worstLead')}
      </Text>
      <ul className={classes.gallery}>
        {frames.map((frame) => (
          <li key={frame.image_id}>
            {frame.frame === null ? (
              <div className={classes.worst}>
                <div className={classes.gone}>{t('evaluations.frameGone')}</div>
                <Counts frame={frame} />
              </div>
            ) : (
              <Link to="/audit/desk" search={{ frame: frame.frame }} preload={false} className={classes.worst}>
                <img src={thumbnailUrl(frame.frame)} alt={frame.file_name} loading="lazy" decoding="async" />
                <Counts frame={frame} />
              </Link>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function Counts({ frame }: { frame: WorstFrame }) {
  const { t } = useTranslation()
  return (
    <div className={classes.counts}>
      <Text size="xs" fw={600}>
        {t('evaluations.cost', { cost: frame.cost })}
      </Text>
      <div className={classes.kindCounts}>
        {ERROR_KINDS.filter((kind) => frame[kind] > 0).map((kind) => (
          <span key={kind}>
            <i style={{ background: `var(--kind-${kind})` }} />
            {frame[kind]} {t(`evaluations.kind.${kind}`)}
          </span>
        ))}
      </div>
    </div>
  )
}
