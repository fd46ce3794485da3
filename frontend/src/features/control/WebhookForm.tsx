/** An address, and the events that it is told of. */
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { useCreateWebhook } from './queries'
import type { NewWebhook, WebhookEvent } from './types'

const EVENTS: readonly WebhookEvent[] = [
  'version.frozen',
  'job.failed',
  'model.promoted',
  'drive.audited',
  'alarm.raised',
]

export function WebhookForm({ onCreated }: { onCreated: (made: NewWebhook) => void }) {
  const { t } = useTranslation()
  const create = useCreateWebhook()
  const form = useForm({ initialValues: { url: '', events: [] as WebhookEvent[] } })
  const submit = form.onSubmit((values) =>
    create.mutate(values, {
      onSuccess: (made) => {
        form.reset()
        onCreated(made)
      },
      onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
    }),
  )
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={640}>
        <TextInput
          label={t('control.address')}
          description={t('control.addressText')}
          placeholder="https://"
          type="url"
          required
          {...form.getInputProps('url')}
        />
        <Checkbox.Group label={t('control.events')} {...form.getInputProps('events')}>
          <Group mt={6} gap="md">
            {EVENTS.map((event) => (
              <Checkbox
                key={event}
                value={event}
                label={t(`control.event.${event.replace('.', '_') as 'job_failed'}`)}
              />
            ))}
          </Group>
        </Checkbox.Group>
        <div>
          <Button type="submit" loading={create.isPending} disabled={form.values.events.length === 0}>
            {t('control.newWebhook')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
