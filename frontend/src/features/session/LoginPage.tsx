/** `/login`: the way in. Accounts are made by the workspace's owner. */
import { Alert, Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { CompanyLogin } from './CompanyLogin'
import { LoginForm } from './LoginForm'
import { loginState } from './login'

export function LoginPage() {
  const { t } = useTranslation()
  const router = useRouter()
  const queries = useQueryClient()
  const { next = '/', error } = useSearch({ from: '/login' })
  // The company's provider sends people back here, logged in or with the second step still before them.
  const state = useQuery({ queryKey: ['session', 'state'], queryFn: loginState, gcTime: 0 })
  useEffect(() => {
    document.title = `${t('session.logIn')} · Headway`
  }, [t])
  const enter = () => {
    queries.clear()
    // The stock admin is not of this page.
    if (next.startsWith('/django-admin/')) window.location.assign(next)
    else router.history.push(next)
  }
  const isIn = state.data === 'in'
  const atCode = state.data === 'code'
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the answer comes
  useEffect(() => {
    if (isIn) enter()
  }, [isIn])
  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" w={380} component="main">
        <Stack gap="lg">
          <Group gap="sm">
            <img src="/static/favicon.svg" width={32} height={32} alt="" />
            <div>
              <Title order={1} size="h3">
                Headway
              </Title>
              <Text size="sm" c="dimmed">
                {t('session.lead')}
              </Text>
            </div>
          </Group>
          {error && (
            <Alert color="red" variant="light" role="alert">
              {error === 'signup_closed' ? t('session.notInvited') : t('session.providerFailed')}
            </Alert>
          )}
          <LoginForm key={String(atCode)} atCode={atCode} onDone={enter} />
          <CompanyLogin next={next} />
          <Text size="xs" c="dimmed">
            {t('session.noAccount')}
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}
