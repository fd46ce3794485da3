/** `/join#secret`: an invitation is taken, by a new person or by whoever has an account already. */
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client'
import { ApiError, errorText } from '../../api/errors'
import type { components } from '../../api/schema'
import { ErrorNote } from '../../ui/ErrorNote'
import { LoginForm } from './LoginForm'
import { logIn, loginState } from './login'

type Invited = components['schemas']['Invited']

export function JoinPage() {
  const { t } = useTranslation()
  // Behind `#`: it reaches the server in a body alone, never in an address that is logged.
  const [token] = useState(() => window.location.hash.slice(1))
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.post<Invited>('/invitation/', { token }, { login: 'throw' }),
    retry: false,
  })
  useEffect(() => {
    document.title = `${t('people.join')} · Headway`
  }, [t])
  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" w={400} component="main">
        <Stack>
          <Title order={1} size="h3">
            {t('people.join')}
          </Title>
          {invitation.isError && <ErrorNote error={invitation.error} />}
          {invitation.data && <Seat token={token} invited={invitation.data} />}
        </Stack>
      </Paper>
    </Center>
  )
}

function Seat({ token, invited }: { token: string; invited: Invited }) {
  const { t } = useTranslation()
  const state = useQuery({ queryKey: ['session', 'state'], queryFn: loginState, gcTime: 0 })
  const [hasAccount, setHasAccount] = useState(false)
  const form = useForm({ initialValues: { name: '', password: '' } })
  const accept = useMutation({
    mutationFn: async (values: { name: string; password: string }) => {
      const { email } = await api.post<{ email: string }>(
        '/invitation/accept/',
        { token, ...values },
        { login: 'throw' },
      )
      if (values.password) await logIn({ email, password: values.password })
    },
    onSuccess: () => window.location.assign('/'),
    onError: (error) => {
      if (!(error instanceof ApiError)) return
      setHasAccount(error.code === 'login_first')
      form.setErrors(error.fields)
    },
  })
  const role = t(`roles.${invited.role}`)
  return (
    <>
      <Text size="sm">
        {t('people.invitedTo', { by: invited.invited_by, workspace: invited.workspace, role, email: invited.email })}
      </Text>
      {accept.error && !hasAccount && !form.errors.password && (
        <Alert color="red" variant="light" role="alert">
          {errorText(accept.error)}
        </Alert>
      )}
      {hasAccount && (
        <>
          <Text size="sm">{t('people.loginFirst')}</Text>
          <LoginForm onDone={() => accept.mutate({ name: '', password: '' })} />
        </>
      )}
      {!hasAccount && state.data === 'in' && (
        <Button loading={accept.isPending} onClick={() => accept.mutate({ name: '', password: '' })}>
          {t('people.takeSeat')}
        </Button>
      )}
      {!hasAccount && state.data && state.data !== 'in' && (
        <form onSubmit={form.onSubmit((values) => accept.mutate(values))}>
          <Stack>
            <TextInput label={t('people.name')} autoComplete="name" required {...form.getInputProps('name')} />
            <PasswordInput
              label={t('session.password')}
              description={t('people.passwordText')}
              autoComplete="new-password"
              required
              {...form.getInputProps('password')}
            />
            <Button type="submit" loading={accept.isPending}>
              {t('people.takeSeat')}
            </Button>
          </Stack>
        </form>
      )}
    </>
  )
}
