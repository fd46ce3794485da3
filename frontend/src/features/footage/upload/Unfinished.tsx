/** Uploads that a reload cut short. A page may not open a file by itself: the person chooses it again, and it goes on. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../../ui/format'
import { notifyError } from '../../../ui/notify'
import { useUploads } from './pageUploads'
import type { UnfinishedUpload } from './tusTransfer'

export function Unfinished({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const entries = useUploads(drive)
  const stored = useQuery({
    queryKey: ['uploads', drive, entries.length, entries.filter(({ state }) => state === 'done').length],
    queryFn: async () => (await import('./tusTransfer')).unfinishedUploads(drive),
    networkMode: 'always',
  })
  const onTheWay = new Set(entries.map(({ name, size }) => `${name}/${size}`))
  const waiting = (stored.data ?? []).filter(({ name, size }) => !onTheWay.has(`${name}/${size}`))
  if (waiting.length === 0) return null
  const forget = async (upload: UnfinishedUpload) => {
    await (await import('./tusTransfer')).forgetUpload(upload).catch(notifyError)
    await stored.refetch()
  }
  return (
    <Alert color="yellow" variant="light" mb="sm" icon={<IconFileUpload size={18} />} title={t('footage.unfinished')}>
      <Stack gap={4}>
        {waiting.map((upload) => (
          <Group key={upload.storageKey} justify="space-between" wrap="nowrap">
            <Text size="sm">{t('footage.chooseAgain', { name: upload.name, size: formatBytes(upload.size) })}</Text>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void forget(upload)}>
              {t('footage.forgetUpload')}
            </Button>
          </Group>
        ))}
      </Stack>
    </Alert>
  )
}
