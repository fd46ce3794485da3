/** The beginning of a sha256, with the whole on hover and a button that copies it. */
import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

export function Digest({ digest }: { digest: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={digest}>
        <Text span size="sm" ff="monospace">
          {digest.slice(0, 12)}
        </Text>
      </Tooltip>
      <Copy text={digest} />
    </Group>
  )
}

export function Copy({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color={copied ? 'teal' : 'gray'}
          size="sm"
          aria-label={t('common.copy')}
          onClick={copy}
        >
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      )}
    </CopyButton>
  )
}
