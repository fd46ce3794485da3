/** What a version follows and who uses it; and deleting it, which the server refuses while somebody does. */
import { Button, Group, Modal, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { DatasetVersion } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { Digest } from '../../ui/Digest'
import { ErrorNote } from '../../ui/ErrorNote'
import { lineageQuery, useDeleteVersion } from './versionQueries'

export function VersionLineage({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  const lineage = useQuery(lineageQuery(version.id))
  const mayWrite = useRight('dataset.write')
  const [asking, { open, close }] = useDisclosure()
  if (lineage.error) return <ErrorNote error={lineage.error} retry={() => void lineage.refetch()} />
  if (!lineage.data) return null
  const before = lineage.data.previous[0]
  const users = Object.entries(lineage.data.used_by)
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4}>
          <Text fw={600} component="h2">
            {t('versions.lineage')}
          </Text>
          {before ? (
            <Group gap="sm">
              <Text size="sm">{t('versions.follows')}</Text>
              <TextLink
                to="/datasets/$datasetId/versions/$versionId"
                params={{ datasetId: String(version.dataset.id), versionId: String(before.id) }}
                fz="sm"
              >
                v{before.number}
              </TextLink>
              <Digest digest={before.digest} />
            </Group>
          ) : (
            <Text size="sm">{t('versions.first')}</Text>
          )}
          {users.map(([kind, names]) => (
            <Text key={kind} size="sm">
              {t('versions.usedBy')} {kind}: {names.join(', ')}
            </Text>
          ))}
          {users.length === 0 && <Text size="sm">{t('versions.unused')}</Text>}
        </Stack>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconTrash size={14} />}
          disabled={!mayWrite || users.length > 0}
          onClick={open}
        >
          {t('versions.delete')}
        </Button>
      </Group>
      {asking && <DeleteDialog version={version} onClose={close} />}
    </Paper>
  )
}

function DeleteDialog({ version, onClose }: { version: DatasetVersion; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const remove = useDeleteVersion(version.id)
  const gone = () => void navigate({ to: '/datasets/$datasetId', params: { datasetId: String(version.dataset.id) } })
  return (
    <Modal opened onClose={onClose} title={t('versions.delete')}>
      <Stack>
        {remove.error && <ErrorNote error={remove.error} />}
        <Text size="sm">{t('versions.deleteSure', { name: `${version.dataset.name} v${version.number}` })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: gone })}>
            {t('versions.delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
