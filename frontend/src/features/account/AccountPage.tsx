/** `/account`: a person's own login - password, second step, sessions. */
import { Alert, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/me'
import { PageHeader } from '../../ui/PageHeader'
import { PasswordForm } from './PasswordForm'
import { ReauthenticateDialog } from './ReauthenticateDialog'
import { SecondStep } from './SecondStep'
import { Sessions } from './Sessions'

export function AccountPage() {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <>
      <PageHeader title={t('account.title')} lead={t('account.lead', { email: me?.email })} />
      <Stack gap="xl" maw={860}>
        {me?.second_factor_needed && (
          <Alert color="yellow" variant="light" title={t('account.needed', { workspace: me.workspace.name })}>
            {t('account.neededText')}
          </Alert>
        )}
        <SecondStep />
        <PasswordForm />
        <Sessions />
      </Stack>
      <ReauthenticateDialog />
    </>
  )
}
