/** One alarm: what, when, how near, what the cloud thinks of it, and the seconds around it. */
import { Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { told } from '../../i18n/told'
import { TextLink } from '../../ui/ButtonLink'
import { thumbnailUrl } from '../footage/queries'
import { alarmName } from './alarmName'
import classes from './fleet.module.css'
import type { Alarm } from './types'
import { When } from './When'

const COLOURS = { unknown: 'gray', confirmed: 'red', doubtful: 'yellow' } as const

export function AlarmRow({ alarm, named = false }: { alarm: Alarm; named?: boolean }) {
  const { t } = useTranslation()
  const kind = alarmName(alarm, t)
  const moment = nearest(alarm)
  const strip = `${kind}, ${new Date(alarm.at).toLocaleTimeString('en-GB')}`
  return (
    <div className={classes.row}>
      <When at={alarm.at} />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {kind}
          </Text>
          <Badge variant="light" color={alarm.level === 2 ? 'red' : 'orange'}>
            {t('fleet.level', { level: alarm.level })}
          </Badge>
          {/* Of lane lines the cloud knows nothing: it settles no departure. */}
          {alarm.kind !== 'ldw' && (
            <Badge variant="light" color={COLOURS[alarm.verdict]}>
              {t(`fleet.verdict.${alarm.verdict}`)}
            </Badge>
          )}
          <Text size="sm" c="dimmed">
            {t(`fleet.source.${alarm.source}`)}
          </Text>
          {named && (
            <TextLink to="/fleet/$deviceId" params={{ deviceId: String(alarm.device) }} fz="sm">
              {alarm.device_name}
            </TextLink>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {[
            alarm.gap_m !== null &&
              (alarm.kind === 'ldw'
                ? t('fleet.toLine', { metres: alarm.gap_m.toFixed(1) })
                : t('fleet.away', { metres: alarm.gap_m.toFixed(0) })),
            alarm.seconds !== null && t('fleet.timeLeft', { seconds: alarm.seconds.toFixed(1) }),
            alarm.speed_kmh !== null && t('fleet.at', { speed: alarm.speed_kmh.toFixed(0) }),
            told(alarm.reason),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        {alarm.evidence.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a strip that scrolls must be reachable by keyboard
          <section className={classes.frames} aria-label={strip} tabIndex={0}>
            {alarm.evidence.map(({ frame, at }) => (
              <Link
                key={frame}
                to="/audit/desk"
                search={{ frame }}
                preload={false}
                className={classes.evidence}
                data-moment={frame === moment || undefined}
              >
                <img
                  src={thumbnailUrl(frame)}
                  alt={t('fleet.evidence', { kind, seconds: secondsFrom(alarm.at, at) })}
                  loading="lazy"
                />
                <span aria-hidden>{t('fleet.fromAlarm', { seconds: secondsFrom(alarm.at, at) })}</span>
              </Link>
            ))}
          </section>
        )}
      </div>
    </div>
  )
}

const msFrom = (alarm: string, frame: string): number => Date.parse(frame) - Date.parse(alarm)

/** "+1.2", "-3.0", "0.0". */
export function secondsFrom(alarm: string, frame: string): string {
  const told = (msFrom(alarm, frame) / 1000).toFixed(1)
  return Number(told) > 0 ? `+${told}` : Number(told) === 0 ? '0.0' : told
}

/** The frame of the alarm itself, as near as there is one. */
function nearest({ at, evidence }: Alarm): number | undefined {
  return evidence.toSorted((a, b) => Math.abs(msFrom(at, a.at)) - Math.abs(msFrom(at, b.at)))[0]?.frame
}
