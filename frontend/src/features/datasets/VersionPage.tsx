/** One version: what is in it, by split and category, and how to take it away. */
import { Alert, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DatasetVersion } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { Digest } from '../../ui/Digest'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { VersionExports } from '../exchange/VersionExports'
import { JobCard } from '../jobs/JobCard'
import { VersionBound } from '../proof/SetBound'
import { percentUp } from '../risk/bound'
import { DataCardPanel } from './DataCardPanel'
import { versionQuery } from './queries'
import { VersionCompare } from './VersionCompare'
import { VersionDownloads } from './VersionDownloads'
import { VersionLineage } from './VersionLineage'
import { VersionStateBadge } from './VersionStateBadge'
import { VersionSummary } from './VersionSummary'

export function VersionPage() {
  const { t } = useTranslation()
  const { versionId } = useParams({ from: '/member/shell/datasets/$datasetId/versions/$versionId' })
  const version = useQuery(versionQuery(Number(versionId)))
  if (version.isError) return <ErrorNote error={version.error} retry={() => void version.refetch()} />
  if (!version.data) return <Skeleton h={320} />
  const { dataset, number, job, state } = version.data
  return (
    <>
      <PageHeader
        above={
          <Group gap={6}>
            <TextLink to="/datasets">{t('datasets.title')}</TextLink>/
            <TextLink to="/datasets/$datasetId" params={{ datasetId: String(dataset.id) }}>
              {dataset.name}
            </TextLink>
          </Group>
        }
        title={`${dataset.name} v${number}`}
        lead={<Provenance version={version.data} />}
        actions={<VersionStateBadge state={state} />}
      />
      <Stack gap="lg">
        {state !== 'frozen' && job && <JobCard job={job} />}
        {state === 'failed' && (
          <Alert color="red" variant="light">
            {t('datasets.failedText')}
          </Alert>
        )}
        {state === 'frozen' && (
          <>
            <VersionSummary version={version.data} />
            <VersionBound version={version.data.id} />
            <VersionDownloads version={version.data} />
            <DataCardPanel version={version.data} />
            <VersionCompare version={version.data} />
            <VersionExports version={version.data.id} />
          </>
        )}
        <Drives version={version.data} />
        {state === 'frozen' && <VersionLineage version={version.data} />}
      </Stack>
    </>
  )
}

function Provenance({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  return (
    <Stack gap={2}>
      <Group gap="md">
        {version.digest && <Digest digest={version.digest} />}
        <span>
          {version.frozen_at
            ? t('datasets.frozenOn', { date: formatDate(version.frozen_at) })
            : t('datasets.freezingNow')}
        </span>
        <span>{t(version.include_unaudited ? 'datasets.withUnaudited' : 'datasets.auditedOnly')}</span>
      </Group>
      {version.override_reason && <span>{t('datasets.withoutBound', { reason: version.override_reason })}</span>}
    </Stack>
  )
}

function Drives({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md">
      <Text fw={600} mb="xs">
        {t('datasets.drives')}
      </Text>
      <Stack gap={4}>
        {version.drives.map(({ drive, name, split, bound }) => (
          <Group key={drive} gap="sm">
            <Text size="sm" w={92} c="dimmed">
              {split}
            </Text>
            <TextLink to="/drives/$driveId" params={{ driveId: String(drive) }} fz="sm">
              {name}
            </TextLink>
            {bound?.upper != null && (
              <Text size="sm" c="dimmed">
                {t('datasets.bound', {
                  upper: percentUp(bound.upper),
                  confidence: Math.round(bound.confidence * 100),
                })}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
