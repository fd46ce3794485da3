/** Name a new dataset and choose its taxonomy. */
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Dataset } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { taxonomiesQuery } from '../footage/queries'
import { useCreateDataset } from './queries'

interface DatasetDialogProps {
  onClose: () => void
  onCreated: (dataset: Dataset) => void
}

export function DatasetDialog({ onClose, onCreated }: DatasetDialogProps) {
  const { t } = useTranslation()
  const create = useCreateDataset()
  const taxonomies = useQuery(taxonomiesQuery)
  const choices = (taxonomies.data?.results ?? []).map(({ id, name, version }) => ({
    value: String(id),
    label: `${name} v${version}`,
  }))
  const form = useForm({ initialValues: { name: '', description: '', taxonomy: null as string | null } })
  const submit = form.onSubmit(({ taxonomy, ...texts }) =>
    create.mutate(
      { ...texts, ...(taxonomy ? { taxonomy: Number(taxonomy) } : {}) },
      { onSuccess: onCreated, onError: (error) => error instanceof ApiError && form.setErrors(error.fields) },
    ),
  )
  return (
    <Modal opened onClose={onClose} title={t('datasets.new')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {create.error && Object.keys(form.errors).length === 0 && <ErrorNote error={create.error} />}
          <TextInput label={t('datasets.name')} required data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('datasets.taxonomy')}
            placeholder={choices[0]?.label}
            data={choices}
            {...form.getInputProps('taxonomy')}
          />
          <Textarea label={t('datasets.description')} autosize minRows={2} {...form.getInputProps('description')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('datasets.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
