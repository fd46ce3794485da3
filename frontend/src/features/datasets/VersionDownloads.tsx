/** The version as files: COCO JSON and the stills by split, in the browser or from a script. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { DatasetVersion } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { CommandLine } from '../../ui/CommandLine'
import { cocoUrl, imagesUrl, readableSplits } from './queries'
import { SignedLink } from './SignedLink'

export function VersionDownloads({ version }: { version: DatasetVersion }) {
  const { t } = useTranslation()
  const mayRead = useRight('frozen.read')
  const splits = readableSplits(version.summary)
  const first = splits[0]
  if (!mayRead) return null
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Text fw={600}>{t('datasets.download')}</Text>
        {splits.map((split) => (
          <Group key={split} gap="sm">
            <Text size="sm" w={92}>
              {split}
            </Text>
            <Button
              component="a"
              href={cocoUrl(version.id, split)}
              download
              size="xs"
              variant="light"
              leftSection={<IconDownload size={14} />}
            >
              {t('datasets.coco', { split })}
            </Button>
            <Button
              component="a"
              href={imagesUrl(version.id, split)}
              download
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
            >
              {t('datasets.images')}
            </Button>
            <SignedLink version={version.id} split={split} />
          </Group>
        ))}
        {first && (
          <>
            <Text size="sm" c="dimmed">
              {t('datasets.byScript')}{' '}
              <TextLink to="/admin/tokens" fz="sm" underline="always">
                {t('shell.tokens')}
              </TextLink>
            </Text>
            <CommandLine
              command={`curl -H "Authorization: Token $HEADWAY_TOKEN" -o ${first}.json "${window.location.origin}${cocoUrl(version.id, first)}"`}
            />
          </>
        )}
      </Stack>
    </Paper>
  )
}
