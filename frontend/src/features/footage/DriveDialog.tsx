/** Record a new drive, or change what is said about one. */
import {
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Drive } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { type DriveForm, driveWriteOf, formOf } from './driveForm'
import { taxonomiesQuery, useSaveDrive } from './queries'

const TIMES_OF_DAY = ['day', 'dawn', 'dusk', 'night']
const WEATHER = ['clear', 'overcast', 'rain', 'snow', 'fog']

interface DriveDialogProps {
  drive?: Drive
  onClose: () => void
  onSaved: (drive: Drive) => void
}

export function DriveDialog({ drive, onClose, onSaved }: DriveDialogProps) {
  const { t } = useTranslation()
  const save = useSaveDrive(drive)
  const taxonomies = useQuery(taxonomiesQuery)
  const form = useForm<DriveForm>({ initialValues: formOf(drive) })
  const submit = form.onSubmit((values) =>
    save.mutate(driveWriteOf(values), {
      onSuccess: (saved) => {
        onClose()
        onSaved(saved)
      },
      onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
    }),
  )
  const choices = (taxonomies.data?.results ?? []).map(({ id, name, version }) => ({
    value: String(id),
    label: `${name} v${version}`,
  }))
  return (
    <Modal opened onClose={onClose} size="lg" title={drive ? t('footage.editDrive') : t('footage.newDrive')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {save.error && !isAboutFields(save.error) && <ErrorNote error={save.error} />}
          <TextInput label={t('footage.field.name')} required data-autofocus {...form.getInputProps('name')} />
          <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
            <Select
              label={t('footage.field.taxonomy')}
              placeholder={choices[0]?.label}
              data={choices}
              disabled={drive !== undefined && drive.counts.frames > 0}
              {...form.getInputProps('taxonomy')}
            />
            <Sampling form={form} />
            <TextInput label={t('footage.field.vehicle')} {...form.getInputProps('vehicle')} />
            <TextInput label={t('footage.field.camera')} {...form.getInputProps('camera')} />
            <TextInput label={t('footage.field.place')} {...form.getInputProps('place')} />
            <TextInput
              label={t('footage.field.captured_at')}
              type="datetime-local"
              {...form.getInputProps('captured_at')}
            />
            <Autocomplete
              label={t('footage.field.time_of_day')}
              data={TIMES_OF_DAY}
              {...form.getInputProps('time_of_day')}
            />
            <Autocomplete label={t('footage.field.weather')} data={WEATHER} {...form.getInputProps('weather')} />
          </SimpleGrid>
          <Textarea
            label={t('footage.field.consent_note')}
            description={t('footage.consentHelp')}
            autosize
            minRows={2}
            {...form.getInputProps('consent_note')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {drive ? t('common.save') : t('footage.createDrive')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Sampling({ form }: { form: ReturnType<typeof useForm<DriveForm>> }) {
  const { t } = useTranslation()
  const byTime = form.values.sampling === 'fps'
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <NumberInput
        label={t('footage.field.sampling')}
        required
        key={form.values.sampling}
        min={byTime ? 0.01 : 1}
        max={byTime ? 240 : undefined}
        allowDecimal={byTime}
        style={{ flex: 1 }}
        {...form.getInputProps(byTime ? 'sample_fps' : 'sample_every')}
      />
      <SegmentedControl
        size="sm"
        aria-label={t('footage.samplingBy')}
        data={[
          { value: 'fps', label: t('footage.perSecond') },
          { value: 'every', label: t('footage.everyNth') },
        ]}
        {...form.getInputProps('sampling')}
      />
    </Group>
  )
}

function isAboutFields(error: unknown): boolean {
  return error instanceof ApiError && Object.keys(error.fields).some((field) => field !== 'non_field_errors')
}
