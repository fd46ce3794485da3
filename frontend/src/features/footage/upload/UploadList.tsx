/** Files on their way: sent, rate, time left, and what went wrong by name. */
import { ActionIcon, Button, Group, Progress, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes, formatDuration } from '../../../ui/format'
import { notifyError } from '../../../ui/notify'
import classes from '../footage.module.css'
import { uploads, useUploads } from './pageUploads'
import type { UploadEntry } from './uploads'

export function UploadList({ drive }: { drive: number }) {
  const { t } = useTranslation()
  const entries = useUploads(drive)
  const done = entries.filter(({ state }) => state === 'done')
  if (entries.length === 0) return null
  return (
    <Stack gap={0} mb="md" aria-label={t('footage.uploads')}>
      {entries
        .filter(({ state }) => state !== 'done')
        .map((entry) => (
          <UploadRow key={entry.key} entry={entry} />
        ))}
      {done.length > 0 && (
        <Group gap="xs" py={4}>
          <Text size="xs" c="dimmed">
            {t('footage.uploaded', { count: done.length })}
          </Text>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => uploads.clearDone(drive)}>
            {t('footage.clearList')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function UploadRow({ entry }: { entry: UploadEntry }) {
  const { t } = useTranslation()
  const failed = entry.state === 'failed'
  return (
    <div className={classes.uploadRow}>
      <Text size="sm" truncate title={entry.name}>
        {entry.name}
      </Text>
      <Progress
        size="sm"
        value={(entry.sent / Math.max(1, entry.size)) * 100}
        color={failed ? 'red' : entry.state === 'paused' ? 'gray' : undefined}
        aria-label={entry.name}
      />
      <Text size="xs" c={failed ? 'red' : 'dimmed'} style={{ fontVariantNumeric: 'tabular-nums' }}>
        {statusOf(entry, t)}
      </Text>
      <Group gap={2} wrap="nowrap" justify="flex-end">
        <Orders entry={entry} />
      </Group>
    </div>
  )
}

function Orders({ entry: { key, state } }: { entry: UploadEntry }) {
  const { t } = useTranslation()
  return (
    <>
      {state === 'uploading' && (
        <Order label={t('footage.pause')} onClick={() => void uploads.pause(key).catch(notifyError)}>
          <IconPlayerPause size={16} />
        </Order>
      )}
      {state === 'paused' && (
        <Order label={t('footage.resume')} onClick={() => uploads.resume(key)}>
          <IconPlayerPlay size={16} />
        </Order>
      )}
      {state === 'failed' && (
        <Order label={t('common.tryAgain')} onClick={() => uploads.resume(key)}>
          <IconRefresh size={16} />
        </Order>
      )}
      <Order label={t('footage.cancelUpload')} onClick={() => void uploads.cancel(key).catch(notifyError)}>
        <IconX size={16} />
      </Order>
    </>
  )
}

function Order({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

function statusOf({ state, sent, size, rate, problem }: UploadEntry, t: TFunction): string {
  if (state === 'failed') return problem ?? ''
  const amount = `${formatBytes(sent)} / ${formatBytes(size)}`
  if (state === 'queued') return `${amount} · ${t('footage.uploadWaits')}`
  if (state === 'paused') return `${amount} · ${t('footage.paused')}`
  if (!rate) return amount
  return `${amount} · ${formatBytes(rate)}/s · ${t('jobs.left', { time: formatDuration((size - sent) / rate) })}`
}
