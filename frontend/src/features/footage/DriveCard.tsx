/** A drive in the gallery: its first frame, its numbers, how far its frames have come. */
import { Group, Loader, Text } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Drive } from '../../api/types'
import { formatAgo } from '../../ui/format'
import { StateBar } from '../../ui/StateBar'
import classes from './footage.module.css'
import { isBusy, thumbnailUrl } from './queries'
import { stateShares } from './states'

export function DriveCard({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const { counts } = drive
  const facts = [drive.place, drive.time_of_day, drive.weather, drive.vehicle].filter(Boolean).join(' · ')
  return (
    <Link to="/drives/$driveId" params={{ driveId: String(drive.id) }} className={classes.card}>
      <span className={classes.cover}>
        {drive.cover === null ? (
          <IconPhoto size={28} stroke={1.2} aria-hidden />
        ) : (
          <img src={thumbnailUrl(drive.cover)} alt="" loading="lazy" />
        )}
      </span>
      <span className={classes.cardText}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text span fw={600} truncate>
            {drive.name}
          </Text>
          {isBusy(drive) && <Loader size={14} aria-label={t('footage.busy')} />}
        </Group>
        <Text span size="xs" c="dimmed" truncate>
          {facts || formatAgo(drive.created_at)}
        </Text>
        <StateBar shares={stateShares(counts, (state) => t(`footage.state.${state}`))} />
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text span size="xs" c="dimmed">
            {t('counted.clips', { count: counts.clips })} · {t('counted.frames', { count: counts.frames })}
          </Text>
          <Text span size="xs" c={counts.clips_failed > 0 ? 'red' : 'dimmed'}>
            {counts.clips_failed > 0
              ? t('footage.failedClips', { count: counts.clips_failed })
              : t('footage.auditedOf', { audited: counts.audited, total: counts.frames - counts.excluded })}
          </Text>
        </Group>
      </span>
    </Link>
  )
}
