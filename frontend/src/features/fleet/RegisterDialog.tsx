/** A new device: its name, then its token, shown once with the command that starts the agent. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { ErrorNote } from '../../ui/ErrorNote'
import { register, useFleetWrite } from './queries'
import { TokenNote } from './TokenNote'

export function RegisterDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const made = useFleetWrite(register, { quiet: true })
  const form = useForm({ initialValues: { name: '', vehicle: '' } })
  const submit = form.onSubmit((values) =>
    made.mutate(values, { onError: (error) => error instanceof ApiError && form.setErrors(error.fields) }),
  )
  return (
    <Modal opened onClose={onClose} title={t('fleet.register')} size="lg">
      {made.data ? (
        <Stack>
          <TokenNote made={made.data} />
          <Group justify="flex-end">
            <Button onClick={onClose} data-autofocus>
              {t('fleet.done')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            {made.isError && Object.keys(form.errors).length === 0 && <ErrorNote error={made.error} />}
            <TextInput
              label={t('fleet.name')}
              description={t('fleet.nameHint')}
              required
              data-autofocus
              {...form.getInputProps('name')}
            />
            <TextInput label={t('fleet.vehicle')} {...form.getInputProps('vehicle')} />
            <Group justify="flex-end">
              <Button type="submit" loading={made.isPending}>
                {t('fleet.register')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
