/** Who outside is told of what: addresses, their secrets (shown once), and the log of what was sent. */
import { Alert, Badge, Button, Card, Group, Stack, Switch, Text } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandLine } from '../../ui/CommandLine'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { DeliveryLog } from './DeliveryLog'
import { useChangeWebhook, useDeleteWebhook, usePing, useRenewSecret, webhooksQuery } from './queries'
import type { NewWebhook, Webhook } from './types'
import { WebhookForm } from './WebhookForm'

export function Webhooks() {
  const { t } = useTranslation()
  const hooks = useQuery(webhooksQuery)
  const [fresh, setFresh] = useState<NewWebhook | null>(null)
  return (
    <Stack>
      {fresh && (
        <Alert color="teal" variant="light" title={t('control.secretOf', { url: fresh.url })}>
          <Stack gap="xs">
            <Text size="sm">{t('control.secretOnce')}</Text>
            <CommandLine command={fresh.secret} />
          </Stack>
        </Alert>
      )}
      <WebhookForm onCreated={setFresh} />
      {hooks.isError && <ErrorNote error={hooks.error} retry={() => void hooks.refetch()} />}
      {hooks.data?.length === 0 && (
        <EmptyState icon={IconWebhook} title={t('control.noWebhooks')}>
          {t('control.noWebhooksText')}
        </EmptyState>
      )}
      {hooks.data?.map((hook) => (
        <WebhookCard key={hook.id} hook={hook} onSecret={setFresh} />
      ))}
    </Stack>
  )
}

function WebhookCard({ hook, onSecret }: { hook: Webhook; onSecret: (renewed: NewWebhook) => void }) {
  const { t } = useTranslation()
  const [log, setLog] = useState(false)
  const change = useChangeWebhook()
  const remove = useDeleteWebhook()
  const renew = useRenewSecret()
  const ping = usePing()
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {hook.url}
        </Text>
        <Switch
          label={t('control.active')}
          checked={hook.active}
          onChange={(event) => change.mutate({ id: hook.id, active: event.currentTarget.checked })}
        />
      </Group>
      <Group gap={6} my="xs">
        {hook.events.map((event) => (
          <Badge key={event} variant="light" tt="none">
            {event}
          </Badge>
        ))}
      </Group>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" aria-expanded={log} onClick={() => setLog(!log)}>
          {t('control.log')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={ping.isPending}
          onClick={() => ping.mutate(hook.id, { onSuccess: () => setLog(true) })}
        >
          {t('control.ping')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          loading={renew.isPending}
          onClick={() => renew.mutate(hook.id, { onSuccess: onSecret })}
        >
          {t('control.renewSecret')}
        </Button>
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => remove.mutate(hook.id)}>
          {t('control.deleteWebhook')}
        </Button>
      </Group>
      {log && <DeliveryLog webhook={hook.id} />}
    </Card>
  )
}
