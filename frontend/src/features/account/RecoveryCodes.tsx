/** Recovery codes, to be kept where the phone is not. */
import { Button, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Copy } from '../../ui/Digest'
import { save } from '../../ui/save'

export function RecoveryCodes({ codes }: { codes: string[] }) {
  const { t } = useTranslation()
  const text = `${codes.join('\n')}\n`
  return (
    <Paper withBorder p="md" role="region" aria-label={t('account.codes')}>
      <Stack gap="sm">
        <Text size="sm">{t('account.codesText')}</Text>
        <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {codes.map((code) => (
            <Text key={code} component="li" size="sm" ff="monospace">
              {code}
            </Text>
          ))}
        </SimpleGrid>
        <Group gap="xs">
          <Copy text={text} />
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => save(new Blob([text], { type: 'text/plain' }), 'headway-recovery-codes.txt')}
          >
            {t('account.saveCodes')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
