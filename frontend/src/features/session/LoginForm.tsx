/** Email and password, then a code where the person has set up a second step; the server's words by the field they are about. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, errorText } from '../../api/errors'
import { CodeForm } from './CodeForm'
import { type Credentials, logIn } from './login'

interface LoginFormProps {
  onDone: () => void
  /** The password was given elsewhere. */
  atCode?: boolean
}

export function LoginForm({ onDone, atCode = false }: LoginFormProps) {
  const { t } = useTranslation()
  const [step, setStep] = useState<'password' | 'code'>(atCode ? 'code' : 'password')
  const form = useForm<Credentials>({ initialValues: { email: '', password: '' } })
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: (state) => (state === 'in' ? onDone() : setStep('code')),
    onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
  })
  if (step === 'code') return <CodeForm onDone={onDone} onBack={() => setStep('password')} />
  const fields = login.error instanceof ApiError ? Object.keys(login.error.fields) : []
  return (
    <form onSubmit={form.onSubmit((values) => login.mutate(values))}>
      <Stack>
        {login.error && fields.length === 0 && (
          <Alert color="red" variant="light" role="alert">
            {errorText(login.error)}
          </Alert>
        )}
        <TextInput
          label={t('session.email')}
          type="email"
          autoComplete="username"
          required
          data-autofocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('session.password')}
          autoComplete="current-password"
          required
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={login.isPending}>
          {t('session.logIn')}
        </Button>
      </Stack>
    </form>
  )
}
