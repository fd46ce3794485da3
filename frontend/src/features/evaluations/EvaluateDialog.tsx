/** Choose a frozen version and a split; a job then measures the model on it. */
import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Slice } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { datasetsQuery } from '../datasets/queries'
import { useEvaluate } from './queries'
import { frozenVersions, splitsOf, usualSplit } from './versions'

interface EvaluateDialogProps {
  model: { id: number; name: string }
  /** Only the frames that it takes. */
  slice?: Slice
  onClose: () => void
}

interface EvaluateForm {
  version: string | null
  /** Null until the person has chosen one. */
  split: string | null
}

export function EvaluateDialog({ model, slice, onClose }: EvaluateDialogProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const datasets = useQuery(datasetsQuery)
  const evaluate = useEvaluate()
  const form = useForm<EvaluateForm>({ initialValues: { version: null, split: null } })
  const versions = frozenVersions(datasets.data?.results ?? [])
  const version = versions.find(({ id }) => String(id) === form.values.version) ?? versions[0]
  const splits = version ? splitsOf(version) : []
  const split = splits.find(({ name }) => name === form.values.split)?.name ?? usualSplit(splits)
  const submit = form.onSubmit(() => {
    if (!version) return
    evaluate.mutate(
      { model: model.id, dataset_version: version.id, split, slice: slice?.id ?? null },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/models/evaluations/$evaluationId', params: { evaluationId: String(id) } }),
        onError: (error) => error instanceof ApiError && form.setErrors(formFields(error.fields)),
      },
    )
  })
  const failed = datasets.error ?? (Object.keys(form.errors).length === 0 ? evaluate.error : null)
  return (
    <Modal opened onClose={onClose} title={t('evaluations.evaluateTitle', { name: model.name })}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('evaluations.evaluateText')}
          </Text>
          {slice && (
            <Alert color="gray" variant="light">
              {t('explore.cutBy', { name: slice.name })}
            </Alert>
          )}
          {failed && <ErrorNote error={failed} />}
          {datasets.data && versions.length === 0 && <NothingFrozen />}
          <Select
            label={t('evaluations.version')}
            required
            searchable
            allowDeselect={false}
            data={versions.map(({ id, title }) => ({ value: String(id), label: title }))}
            {...form.getInputProps('version')}
            value={version ? String(version.id) : null}
          />
          <Select
            label={t('evaluations.split')}
            required
            allowDeselect={false}
            data={splits.map(({ name, frames }) => ({
              value: name,
              label: t('evaluations.framesOf', { split: name || t('evaluations.everySplit'), count: frames }),
            }))}
            {...form.getInputProps('split')}
            value={version ? split : null}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={evaluate.isPending} disabled={!version}>
              {t('evaluations.start')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function NothingFrozen() {
  const { t } = useTranslation()
  return (
    <Alert color="gray" variant="light">
      {t('evaluations.noFrozen')}{' '}
      <TextLink to="/datasets" fz="sm">
        {t('evaluations.toDatasets')}
      </TextLink>
    </Alert>
  )
}

/** The server's names of the fields as the form's. */
function formFields({ dataset_version, ...fields }: Record<string, string>): Record<string, string> {
  return { ...fields, ...(dataset_version ? { version: dataset_version } : {}) }
}
