/** Thresholds and budget for every device at once. */
import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { notifyDone } from '../../ui/notify'
import { NumbersForm } from './NumbersForm'
import { orderAll, useFleetWrite } from './queries'
import { budgetFields, STANDARD, thresholdFields } from './settings'

export function FleetSettings() {
  const { t } = useTranslation()
  const send = useFleetWrite(orderAll)
  const tell = (kind: 'set_thresholds' | 'set_budget') => (args: Record<string, number | null>) =>
    send.mutate({ kind, args }, { onSuccess: ({ devices }) => notifyDone(t('fleet.orderedAll', { count: devices })) })
  return (
    <Stack component="section" gap="md" aria-label={t('fleet.forAll')}>
      <div>
        <Text fw={600}>{t('fleet.forAll')}</Text>
        <Text size="sm" c="dimmed">
          {t('fleet.forAllHint')}
        </Text>
      </div>
      <NumbersForm
        title={t('fleet.thresholds')}
        fields={thresholdFields(t)}
        start={STANDARD.thresholds}
        pending={send.isPending}
        send={tell('set_thresholds')}
      />
      <NumbersForm
        title={t('fleet.budget')}
        hint={t('fleet.budgetHint')}
        fields={budgetFields(t)}
        start={STANDARD.budget}
        pending={send.isPending}
        send={tell('set_budget')}
      />
    </Stack>
  )
}
