/** Choose drives and their splits, and freeze them into the next version. */
import { Alert, Button, Group, Modal, Stack, Switch, Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Dataset, DatasetVersion, SliceDetail } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { drivesQuery } from '../footage/queries'
import { ProposeSplits, type Scheme } from './ProposeSplits'
import { GDDA, PLAIN, useFreezeVersion } from './queries'
import { SplitTable } from './SplitTable'
import { type Chosen, framesChosen, placesOf } from './selection'

interface VersionDialogProps {
  dataset: Dataset
  /** Only its drives, and of them only what it takes. */
  slice?: SliceDetail
  onClose: () => void
  onFrozen: (version: DatasetVersion) => void
}

export function VersionDialog({ dataset, slice, onClose, onFrozen }: VersionDialogProps) {
  const { t } = useTranslation()
  const freeze = useFreezeVersion(dataset.id)
  const drives = useQuery(drivesQuery)
  const [chosen, setChosen] = useState<Chosen>(new Map())
  const [scheme, setScheme] = useState<Scheme>('plain')
  const form = useForm({ initialValues: { include_unaudited: false, override_reason: '' } })
  const usable = (drives.data?.results ?? []).filter(
    (drive) => drive.taxonomy.id === dataset.taxonomy.id && (!slice || slice.drives.includes(drive.id)),
  )
  const frames = framesChosen(usable, chosen, form.values.include_unaudited)
  const submit = form.onSubmit((values) =>
    freeze.mutate(
      { ...values, drives: placesOf(chosen), slice: slice?.id ?? null },
      { onSuccess: onFrozen, onError: (error) => error instanceof ApiError && form.setErrors(error.fields) },
    ),
  )
  return (
    <Modal opened onClose={onClose} size="xl" title={t('datasets.newVersionOf', { name: dataset.name })}>
      <form onSubmit={submit}>
        <Stack>
          {slice && (
            <Alert color="gray" variant="light">
              {t('explore.cutBy', { name: slice.name })}
            </Alert>
          )}
          {drives.error && <ErrorNote error={drives.error} />}
          {freeze.error && Object.keys(form.errors).length === 0 && <ErrorNote error={freeze.error} />}
          <ProposeSplits
            dataset={dataset.id}
            scheme={scheme}
            includeUnaudited={form.values.include_unaudited}
            onScheme={(next) => {
              setScheme(next)
              setChosen(new Map())
            }}
            onProposed={setChosen}
          />
          <SplitTable
            names={scheme === 'gdda' ? GDDA : PLAIN}
            drives={usable}
            chosen={chosen}
            includeUnaudited={form.values.include_unaudited}
            onChange={setChosen}
          />
          {scheme === 'plain' && (
            <Switch
              label={t('datasets.includeUnaudited')}
              description={t('datasets.includeUnauditedHelp')}
              {...form.getInputProps('include_unaudited', { type: 'checkbox' })}
            />
          )}
          <Textarea
            label={t('datasets.reason')}
            description={t('datasets.reasonHelp')}
            autosize
            minRows={2}
            {...form.getInputProps('override_reason')}
          />
          {form.errors.drives && (
            <Alert color="red" variant="light" role="alert">
              {form.errors.drives}
            </Alert>
          )}
          <Group justify="space-between">
            <Text size="sm" c="dimmed" aria-live="polite">
              {t('counted.drives', { count: chosen.size })} · {t('counted.frames', { count: frames })}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={freeze.isPending} disabled={chosen.size === 0}>
                {t('datasets.freeze')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
