/** The session ended while the page holds work: log in here; the waiting requests are sent afterwards. */
import { Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { session } from '../../api/session'
import { LoginForm } from './LoginForm'

export function LoginDialog() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const loginNeeded = useStore(session, (state) => state.loginNeeded)
  return (
    <Modal
      opened={loginNeeded}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('session.again')}
      size="sm"
    >
      <Stack>
        <Text size="sm">{t('session.againText')}</Text>
        <LoginForm onDone={() => void queries.invalidateQueries()} />
      </Stack>
    </Modal>
  )
}
