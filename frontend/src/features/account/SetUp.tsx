/** Three steps: read the picture with the phone, type the code that it shows, keep the recovery codes. */
import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { API } from '../../api/client'
import { errorText } from '../../api/errors'
import { Copy } from '../../ui/Digest'
import { useBegin, useSwitchOn } from './queries'

export function SetUp({ onDone }: { onDone: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const begin = useBegin()
  if (begin.data) return <Scan secret={begin.data.secret} at={begin.data.at} onDone={onDone} />
  return (
    <>
      <Text size="sm">{t('account.offText')}</Text>
      <Button size="xs" loading={begin.isPending} onClick={() => begin.mutate()}>
        {t('account.setUp')}
      </Button>
    </>
  )
}

interface ScanProps {
  secret: string
  /** When the secret was made: a picture of an older one must not be taken from the browser's memory. */
  at: number
  onDone: (codes: string[]) => void
}

function Scan({ secret, at, onDone }: ScanProps) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const on = useSwitchOn()
  return (
    <Group align="flex-start" gap="lg" wrap="wrap">
      {/* White under both themes: apps read dark on light. */}
      <Paper p={4} bg="white" withBorder>
        <img src={`${API}/me/second-factor.svg?at=${at}`} width={190} height={190} alt={t('account.picture')} />
      </Paper>
      <Stack gap="sm" maw={420}>
        <Text size="sm">{t('account.scan')}</Text>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            {secret.match(/.{1,4}/g)?.join(' ')}
          </Text>
          <Copy text={secret} />
        </Group>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            // Not by the options of `mutate`: this form is gone by the time that the answer is told.
            on.mutateAsync(code).then(onDone, () => undefined)
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              label={t('account.codeNow')}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
              autoFocus
              w={240}
              value={code}
              error={on.error && errorText(on.error)}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Button type="submit" loading={on.isPending}>
              {t('account.switchOn')}
            </Button>
          </Group>
        </form>
      </Stack>
    </Group>
  )
}
