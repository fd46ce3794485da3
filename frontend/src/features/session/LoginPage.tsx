/** `/login`: the way in. Accounts are made by the workspace's owner. */
import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { LoginForm } from './LoginForm'

export function LoginPage() {
  const { t } = useTranslation()
  const router = useRouter()
  const queries = useQueryClient()
  const { next } = useSearch({ from: '/login' })
  useEffect(() => {
    document.title = `${t('session.logIn')} · Headway`
  }, [t])
  const enter = () => {
    queries.clear()
    router.history.push(next ?? '/')
  }
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
          <LoginForm onDone={enter} />
          <Text size="xs" c="dimmed">
            {t('session.noAccount')}
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}
