/** A new password; it ends every other session of the person. */
import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { notifyDone } from '../../ui/notify'
import { useChangePassword } from './queries'

export function PasswordForm() {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { current_password: '', new_password: '' } })
  const change = useChangePassword()
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset()
        notifyDone(t('account.passwordChanged'))
      },
      onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
    }),
  )
  return (
    <section aria-labelledby="password">
      <Title order={2} size="h4" mb="xs" id="password">
        {t('session.password')}
      </Title>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{t('account.passwordText')}</Text>
          <Group align="flex-start" gap="sm">
            <PasswordInput
              w={260}
              label={t('account.currentPassword')}
              autoComplete="current-password"
              required
              {...form.getInputProps('current_password')}
            />
            <PasswordInput
              w={260}
              label={t('account.newPassword')}
              autoComplete="new-password"
              required
              {...form.getInputProps('new_password')}
            />
          </Group>
          <Group>
            <Button type="submit" size="xs" loading={change.isPending}>
              {t('account.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  )
}
