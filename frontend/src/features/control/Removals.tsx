/** Taking footage away: by age or on request, first as a dry run, and the report of what was found and that it is gone. */
import {
  Alert,
  Badge,
  Button,
  Checkbox,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { drivesQuery } from '../footage/queries'
import { limitsQuery, removalsQuery, useRemove } from './queries'
import { RemovalReport } from './RemovalReport'
import type { RemovalWrite } from './types'

export function Removals() {
  const { t } = useTranslation()
  const removals = useQuery(removalsQuery)
  return (
    <Stack gap="xl">
      <RemovalForm />
      <section>
        <Title order={2} size="h4" mb="xs">
          {t('control.removals')}
        </Title>
        {removals.isError && <ErrorNote error={removals.error} retry={() => void removals.refetch()} />}
        {removals.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('control.noRemovals')}
          </Text>
        )}
        <Stack>
          {removals.data?.map((one) => (
            <RemovalReport key={one.id} removal={one} />
          ))}
        </Stack>
      </section>
    </Stack>
  )
}

/** A real removal is asked twice: by its own button, and by the words on it. */
function RemovalForm() {
  const { t } = useTranslation()
  const drives = useQuery(drivesQuery)
  const limits = useQuery(limitsQuery)
  const remove = useRemove()
  const [sure, setSure] = useState(false)
  const form = useForm({
    initialValues: {
      why: 'request' as RemovalWrite['why'],
      drive: null as string | null,
      days: '' as number | string,
      note: '',
      versions: false,
    },
  })
  const { why, drive, days, note, versions } = form.values
  const ready = why === 'request' ? drive !== null : days !== ''
  const ask = (dry: boolean): void => {
    setSure(false)
    remove.mutate({
      why,
      note,
      dry_run: dry,
      even_in_versions: versions,
      ...(why === 'request' ? { drive: Number(drive) } : { days: Number(days) }),
    })
  }
  return (
    <Stack gap="sm" maw={560}>
      <SegmentedControl
        aria-label={t('control.why')}
        {...form.getInputProps('why')}
        data={[
          { value: 'request', label: t('control.request') },
          { value: 'retention', label: t('control.byAge') },
        ]}
      />
      {why === 'request' ? (
        <>
          <Select
            label={t('control.drive')}
            searchable
            data={(drives.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            {...form.getInputProps('drive')}
          />
          <Checkbox label={t('control.evenInVersions')} {...form.getInputProps('versions', { type: 'checkbox' })} />
        </>
      ) : (
        <NumberInput
          label={t('control.olderThan')}
          description={t('control.spared')}
          placeholder={String(limits.data?.retention_days ?? 365)}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('days')}
        />
      )}
      <TextInput label={t('control.note')} maxLength={500} {...form.getInputProps('note')} />
      {remove.isError && <ErrorNote error={remove.error} />}
      <Group>
        <Button disabled={!ready} loading={remove.isPending} onClick={() => ask(true)}>
          {t('control.find')}
        </Button>
        <Button color="red" variant="light" disabled={!ready} onClick={() => setSure(true)}>
          {t('control.remove')}
        </Button>
      </Group>
      {sure && (
        <Alert color="red" title={t('control.sure')}>
          <Stack gap="xs">
            <Text size="sm">{t('control.sureText')}</Text>
            <Group>
              <Button color="red" onClick={() => ask(false)}>
                {t('control.removeForGood')}
              </Button>
              <Button variant="default" data-autofocus onClick={() => setSure(false)}>
                {t('common.cancel')}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
      {remove.isSuccess && (
        <Text size="sm" role="status">
          <Badge variant="light">{t(remove.data.dry_run ? 'control.dryRun' : 'control.removal')}</Badge>{' '}
          {t('control.asked')}
        </Text>
      )}
    </Stack>
  )
}
