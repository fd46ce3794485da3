/** One removal: what was found where, whether it is gone, and where no server reaches. */
import { Badge, Card, Group, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatCount, formatDate } from '../../ui/format'
import type { Removal } from './types'

type Report = NonNullable<Removal['report']>

export function RemovalReport({ removal }: { removal: Removal }) {
  const { t } = useTranslation()
  const { report, job } = removal
  const about =
    removal.drive?.name ?? (removal.days ? t('control.olderDays', { count: removal.days }) : t('control.goneDrive'))
  return (
    <Card withBorder padding="sm">
      <Group gap="xs">
        <Text fw={600}>{about}</Text>
        <Badge variant="light" color={removal.dry_run ? 'gray' : 'red'}>
          {t(removal.dry_run ? 'control.dryRun' : 'control.removal')}
        </Badge>
        {report?.proof && (
          <Badge color={report.proof.gone ? 'teal' : 'red'}>
            {t(report.proof.gone ? 'control.gone' : 'control.notGone')}
          </Badge>
        )}
        {!report && job && <Badge variant="outline">{t(`jobs.state.${job.state}`)}</Badge>}
        <Text size="sm" c="dimmed">
          {formatDate(removal.created_at)} · {removal.requested_by?.name ?? t('control.itself')}
          {removal.note && ` · ${removal.note}`}
        </Text>
      </Group>
      {job?.error && (
        <Text size="sm" c="red">
          {job.error.detail}
        </Text>
      )}
      {report && <Found report={report} />}
    </Card>
  )
}

function Found({ report }: { report: Report }) {
  const { t } = useTranslation()
  const { rows, copies, proof, versions, releases } = report
  const places = Object.entries(copies).map(([place, count]) => `${place} ${formatCount(count)}`)
  return (
    <List size="sm" mt="xs">
      <List.Item>
        {t('control.found', {
          clips: formatCount(rows.clips ?? 0),
          frames: formatCount(rows.frames ?? 0),
          boxes: formatCount(rows.boxes ?? 0),
          size: formatBytes(report.bytes),
        })}
      </List.Item>
      {places.length > 0 && <List.Item>{t('control.copies', { places: places.join(', ') })}</List.Item>}
      {versions && versions.length > 0 && (
        <List.Item>{t('control.inVersions', { versions: versions.join(', ') })}</List.Item>
      )}
      {releases && releases.length > 0 && (
        <List.Item>{t('control.inReleases', { releases: releases.join(', ') })}</List.Item>
      )}
      {proof && (
        <List.Item>
          {t('control.proof', {
            looked: formatCount(proof.looked_for),
            left: formatCount(proof.still_stored + proof.still_elsewhere + proof.rows_left),
            at: formatDate(proof.at),
          })}
        </List.Item>
      )}
      {proof && <List.Item>{t('control.beyond')}</List.Item>}
    </List>
  )
}
