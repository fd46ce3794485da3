/** `/datasets/$datasetId`: the versions of a dataset, and the way to freeze the next. */
import { Button, Skeleton, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSnowflake } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Dataset, VersionBrief } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { Digest } from '../../ui/Digest'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatCount, formatDate } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { datasetQuery } from './queries'
import { VersionDialog } from './VersionDialog'
import { VersionStateBadge } from './VersionStateBadge'

export function DatasetPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = Number(useParams({ from: '/member/shell/datasets/$datasetId' }).datasetId)
  const dataset = useQuery(datasetQuery(id))
  const mayWrite = useRight('dataset.write')
  const [freezing, { open, close }] = useDisclosure()
  if (dataset.isError) return <ErrorNote error={dataset.error} retry={() => void dataset.refetch()} />
  if (!dataset.data) return <Skeleton h={240} />
  const freeze = (
    <Button leftSection={<IconSnowflake size={16} />} onClick={open} disabled={!mayWrite}>
      {t('datasets.newVersion')}
    </Button>
  )
  return (
    <>
      <PageHeader
        above={<TextLink to="/datasets">{t('datasets.title')}</TextLink>}
        title={dataset.data.name}
        lead={dataset.data.description || `${dataset.data.taxonomy.name} v${dataset.data.taxonomy.version}`}
        actions={freeze}
      />
      {dataset.data.versions.length === 0 ? (
        <EmptyState icon={IconSnowflake} title={t('datasets.noVersions')} action={mayWrite && freeze}>
          {t('datasets.noVersionsText')}
        </EmptyState>
      ) : (
        <VersionTable dataset={dataset.data} />
      )}
      {freezing && (
        <VersionDialog
          dataset={dataset.data}
          onClose={close}
          onFrozen={(version) =>
            void navigate({
              to: '/datasets/$datasetId/versions/$versionId',
              params: { datasetId: String(id), versionId: String(version.id) },
            })
          }
        />
      )}
    </>
  )
}

function VersionTable({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation()
  const newestFirst = [...dataset.versions].sort((a, b) => b.number - a.number)
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('datasets.version')}</Table.Th>
          <Table.Th>{t('datasets.stateColumn')}</Table.Th>
          <Table.Th ta="right">{t('datasets.frames')}</Table.Th>
          <Table.Th ta="right">{t('datasets.boxes')}</Table.Th>
          <Table.Th>{t('datasets.digest')}</Table.Th>
          <Table.Th>{t('datasets.frozenAt')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {newestFirst.map((version) => (
          <VersionRow key={version.id} dataset={dataset.id} version={version} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function VersionRow({ dataset, version }: { dataset: number; version: VersionBrief }) {
  const { frames, boxes } = version.summary
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink
          to="/datasets/$datasetId/versions/$versionId"
          params={{ datasetId: String(dataset), versionId: String(version.id) }}
          fw={600}
          fz="sm"
        >
          v{version.number}
        </TextLink>
      </Table.Td>
      <Table.Td>
        <VersionStateBadge state={version.state} />
      </Table.Td>
      <Table.Td ta="right">{frames === undefined ? '–' : formatCount(frames)}</Table.Td>
      <Table.Td ta="right">{boxes === undefined ? '–' : formatCount(boxes)}</Table.Td>
      <Table.Td>{version.digest ? <Digest digest={version.digest} /> : <Text size="sm">–</Text>}</Table.Td>
      <Table.Td>{version.frozen_at ? formatDate(version.frozen_at) : '–'}</Table.Td>
    </Table.Tr>
  )
}
