/** A link to one split's COCO file that needs no login for a day, to be copied. */
import { Button, Stack, Text } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { ReadableSplit } from '../../api/types'
import { CommandLine } from '../../ui/CommandLine'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { useSignedLink } from './versionQueries'

export function SignedLink({ version, split }: { version: number; split: ReadableSplit }) {
  const { t } = useTranslation()
  const link = useSignedLink(version)
  const mayMake = useRight('dataset.write')
  if (!mayMake) return null
  if (link.error) return <ErrorNote error={link.error} />
  if (link.data)
    return (
      <Stack gap={2} w="100%">
        <Text size="xs" c="dimmed">
          {t('versions.linkMade', { until: formatDate(link.data.expires_at) })}
        </Text>
        <CommandLine command={link.data.url} />
      </Stack>
    )
  return (
    <Button
      size="xs"
      variant="subtle"
      leftSection={<IconLink size={14} />}
      loading={link.isPending}
      onClick={() => link.mutate(split)}
    >
      {t('versions.link')}
    </Button>
  )
}
