/** Some seconds that stayed on the device: how many frames, what their labelled neighbours made of them, and what followed. */
import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './fleet.module.css'
import type { Sighting } from './types'
import { When } from './When'

const ORIGINS = ['cloud', 'both', 'one', 'device'] as const
/** What the platform did about them. */
const FOLLOWED = ['alarms', 'doubtful', 'asked'] as const

export function SightingRow({ sighting }: { sighting: Sighting }) {
  const { t } = useTranslation()
  const { counts } = sighting
  const seconds = (Date.parse(sighting.ends_at) - Date.parse(sighting.at)) / 1000
  return (
    <div className={classes.row}>
      <When at={sighting.at} />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {t('fleet.kept', { count: sighting.seen, seconds: seconds.toFixed(1) })}
          </Text>
          {sighting.filled_at && counts.risk !== undefined ? (
            <Badge variant="light">{t('fleet.risk', { risk: counts.risk.toFixed(2) })}</Badge>
          ) : (
            <Badge variant="light" color="blue">
              {t('fleet.keptWaits')}
            </Badge>
          )}
        </Group>
        {sighting.filled_at && (
          <Text size="sm" c="dimmed">
            {ORIGINS.filter((name) => counts[name])
              .map((name) => t(`fleet.origin.${name}`, { count: counts[name] }))
              .join(' · ') || t('fleet.keptNone')}
          </Text>
        )}
        {FOLLOWED.some((name) => counts[name]) && (
          <Text size="sm">
            {FOLLOWED.filter((name) => counts[name])
              .map((name) => t(`fleet.followed.${name}`, { count: counts[name] }))
              .join(' · ')}
          </Text>
        )}
      </div>
    </div>
  )
}
