/** `/datasets`: named lines of versions over one taxonomy. */
import { Button, Skeleton, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDatabase, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Dataset } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { DatasetDialog } from './DatasetDialog'
import { datasetsQuery } from './queries'

export function DatasetsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const datasets = useQuery(datasetsQuery)
  const mayWrite = useRight('dataset.write')
  const [creating, { open, close }] = useDisclosure()
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={open} disabled={!mayWrite}>
      {t('datasets.new')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('datasets.title')} lead={t('datasets.lead')} actions={create} />
      {datasets.isError && <ErrorNote error={datasets.error} retry={() => void datasets.refetch()} />}
      {datasets.isPending && <Skeleton h={160} />}
      {datasets.data?.results.length === 0 && (
        <EmptyState icon={IconDatabase} title={t('datasets.none')} action={mayWrite && create}>
          {t('datasets.noneText')}
        </EmptyState>
      )}
      {datasets.data && datasets.data.results.length > 0 && <DatasetTable datasets={datasets.data.results} />}
      {creating && (
        <DatasetDialog
          onClose={close}
          onCreated={({ id }) => void navigate({ to: '/datasets/$datasetId', params: { datasetId: String(id) } })}
        />
      )}
    </>
  )
}

function DatasetTable({ datasets }: { datasets: Dataset[] }) {
  const { t } = useTranslation()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('datasets.name')}</Table.Th>
          <Table.Th>{t('datasets.taxonomy')}</Table.Th>
          <Table.Th ta="right">{t('datasets.versions')}</Table.Th>
          <Table.Th>{t('datasets.newest')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {datasets.map((dataset) => (
          <Table.Tr key={dataset.id}>
            <Table.Td>
              <TextLink to="/datasets/$datasetId" params={{ datasetId: String(dataset.id) }} fw={600} fz="sm">
                {dataset.name}
              </TextLink>
              <Text size="xs" c="dimmed" lineClamp={1}>
                {dataset.description}
              </Text>
            </Table.Td>
            <Table.Td>
              {dataset.taxonomy.name} v{dataset.taxonomy.version}
            </Table.Td>
            <Table.Td ta="right">{dataset.versions.length}</Table.Td>
            <Table.Td>{newestText(dataset) || t('datasets.noVersion')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function newestText({ versions }: Dataset): string {
  const newest = [...versions].sort((a, b) => b.number - a.number)[0]
  return newest ? `v${newest.number} · ${formatAgo(newest.frozen_at ?? newest.created_at)}` : ''
}
