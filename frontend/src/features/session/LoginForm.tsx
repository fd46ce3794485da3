/** Email and password, with the server's words by the field they are about. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, errorText } from '../../api/errors'
import { type Credentials, logIn } from './login'

export function LoginForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const form = useForm<Credentials>({ initialValues: { email: '', password: '' } })
  const login = useMutation({
    mutationFn: logIn,
    onSuccess: onDone,
    onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
  })
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
