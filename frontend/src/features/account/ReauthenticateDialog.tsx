/** Some acts ask who is there once more: by the password, or by a code where there is a second step. */
import { Button, Group, Modal, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { errorText } from '../../api/errors'
import { allauthError, question, send } from '../session/allauth'

const WAYS = { reauthenticate: '/auth/reauthenticate', mfa_reauthenticate: '/auth/2fa/reauthenticate' } as const
type Way = keyof typeof WAYS

export function ReauthenticateDialog() {
  const { t } = useTranslation()
  const { flows, answer } = useStore(question)
  return (
    <Modal opened={flows !== null} onClose={() => answer(false)} title={t('account.again')} size="sm">
      <Proof ways={(flows ?? []).map(({ id }) => id).filter(isWay)} onEnd={answer} />
    </Modal>
  )
}

function Proof({ ways, onEnd }: { ways: Way[]; onEnd: (proved: boolean) => void }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<Way>()
  const [value, setValue] = useState('')
  const way = chosen ?? ways[0] ?? 'reauthenticate'
  const prove = useMutation({ mutationFn: () => sendProof(way, value), onSuccess: () => onEnd(true) })
  const Field = way === 'reauthenticate' ? PasswordInput : TextInput
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        prove.mutate()
      }}
    >
      <Stack>
        <Text size="sm">{t('account.againText')}</Text>
        {ways.length > 1 && (
          <SegmentedControl
            aria-label={t('account.again')}
            data={ways.map((id) => ({ value: id, label: t(`account.way.${id}`) }))}
            value={way}
            onChange={(id) => isWay(id) && setChosen(id)}
          />
        )}
        <Field
          label={t(`account.way.${way}`)}
          autoComplete={way === 'reauthenticate' ? 'current-password' : 'one-time-code'}
          required
          data-autofocus
          value={value}
          error={prove.error && errorText(prove.error)}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onEnd(false)}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={prove.isPending}>
            {t('account.goOn')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

async function sendProof(way: Way, value: string): Promise<void> {
  const response = await send('POST', WAYS[way], way === 'reauthenticate' ? { password: value } : { code: value })
  if (!response.ok) throw await allauthError(response)
}

function isWay(id: string): id is Way {
  return id in WAYS
}
