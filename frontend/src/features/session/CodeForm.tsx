/** The second step of the login. */
import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../api/errors'
import { sendCode } from './login'

export function CodeForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const login = useMutation({ mutationFn: sendCode, onSuccess: (state) => state === 'in' && onDone() })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        login.mutate(code)
      }}
    >
      <Stack>
        <TextInput
          label={t('session.code')}
          description={t('session.codeText')}
          autoComplete="one-time-code"
          required
          autoFocus
          data-autofocus
          value={code}
          error={login.error && errorText(login.error)}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={login.isPending}>
          {t('session.logIn')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          {t('session.startAgain')}
        </Button>
      </Stack>
    </form>
  )
}
