/** In the top bar while files travel: how much is sent, and the way back to the drive. */
import { Group, Progress, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/ButtonLink'
import { isMoving, useUploads } from './upload/pageUploads'

export function UploadsIndicator() {
  const { t } = useTranslation()
  const moving = useUploads().filter(isMoving)
  const first = moving[0]
  if (!first) return null
  const size = moving.reduce((sum, entry) => sum + entry.size, 0)
  const sent = moving.reduce((sum, entry) => sum + entry.sent, 0)
  return (
    <ButtonLink
      to="/drives/$driveId"
      params={{ driveId: String(first.drive) }}
      variant="light"
      size="compact-md"
      leftSection={<IconUpload size={16} />}
    >
      <Group gap={8} wrap="nowrap">
        <Text span size="sm">
          {t('shell.uploading', { count: moving.length })}
        </Text>
        <Progress w={60} size="sm" value={(sent / Math.max(1, size)) * 100} aria-label={t('shell.sent')} />
      </Group>
    </ButtonLink>
  )
}
