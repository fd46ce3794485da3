/** `/models`: the weights this workspace labels with, and which drives each of them serves. */
import { Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBox, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Drive, ModelVersion } from '../../api/types'
import { Digest } from '../../ui/Digest'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { drivesQuery } from '../footage/queries'
import { ModelDialog } from './ModelDialog'
import { modelsQuery } from './queries'

export function ModelsPage() {
  const { t } = useTranslation()
  const models = useQuery(modelsQuery)
  const drives = useQuery(drivesQuery)
  const mayWrite = useRight('model.write')
  const [adding, { open, close }] = useDisclosure()
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open} disabled={!mayWrite}>
      {t('models.add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('models.title')} lead={t('models.lead')} actions={add} />
      {models.isError && <ErrorNote error={models.error} retry={() => void models.refetch()} />}
      {models.isPending && <Skeleton h={160} />}
      {models.data?.results.length === 0 && (
        <EmptyState icon={IconBox} title={t('models.none')} action={mayWrite && add}>
          {t('models.noneText')}
        </EmptyState>
      )}
      {models.data && models.data.results.length > 0 && (
        <ModelTable models={models.data.results} drives={drives.data?.results ?? []} />
      )}
      {adding && <ModelDialog onClose={close} />}
    </>
  )
}

function ModelTable({ models, drives }: { models: ModelVersion[]; drives: Drive[] }) {
  const { t } = useTranslation()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('models.name')}</Table.Th>
          <Table.Th>{t('models.family')}</Table.Th>
          <Table.Th>{t('models.weights')}</Table.Th>
          <Table.Th>{t('models.service')}</Table.Th>
          <Table.Th>{t('models.notes')}</Table.Th>
          <Table.Th>{t('models.added')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {models.map((model) => (
          <Table.Tr key={model.id}>
            <Table.Td>
              <Stack gap={0}>
                <Text size="sm" fw={600}>
                  {model.name}
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {model.ref}
                </Text>
              </Stack>
            </Table.Td>
            <Table.Td>{model.family || '–'}</Table.Td>
            <Table.Td>
              {model.sha256 ? (
                <Digest digest={model.sha256} />
              ) : (
                <Text size="sm" c="dimmed">
                  {t('models.notLoaded')}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <Service count={drives.filter((drive) => drive.label_model?.id === model.id).length} />
            </Table.Td>
            <Table.Td maw={260}>
              <Text size="sm" lineClamp={2}>
                {model.notes || '–'}
              </Text>
            </Table.Td>
            <Table.Td>{formatAgo(model.created_at)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Service({ count }: { count: number }) {
  const { t } = useTranslation()
  if (count === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('models.noService')}
      </Text>
    )
  return (
    <Badge variant="light" color="teal">
      {t('models.labels', { count })}
    </Badge>
  )
}
