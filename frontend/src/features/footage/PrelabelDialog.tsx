/** Choose a model and its thresholds; a job then labels the drive. */
import { Button, Checkbox, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Drive, ModelVersion, PrelabelParams } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { startPrelabel } from '../jobs/queries'
import { modelsQuery } from '../models/queries'
import { shownRef } from '../models/rows'

type Look = NonNullable<PrelabelParams['looks']>[number]

interface PrelabelForm {
  model: string | null
  only_new: boolean
  looks: Look[]
  score_threshold: number | string
  candidate_threshold: number | string
  nms_iou: number | string
}

const LOOKS: readonly Look[] = ['flip', 'zoom']
const THRESHOLDS = ['score_threshold', 'candidate_threshold', 'nms_iou'] as const

export function PrelabelDialog({ drive, onClose }: { drive: Drive; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const models = useQuery(modelsQuery)
  const choices = (models.data?.results ?? []).map((model) => ({
    value: String(model.id),
    label: [model.name, shownRef(model), model.serving && t('models.serving')].filter(Boolean).join(' · '),
  }))
  const usual = usualModel(models.data?.results ?? [], drive)
  const form = useForm<PrelabelForm>({
    initialValues: {
      model: null,
      only_new: drive.counts.new > 0 && drive.counts.new < drive.counts.frames,
      looks: [],
      score_threshold: '',
      candidate_threshold: '',
      nms_iou: '',
    },
  })
  const start = useMutation({
    mutationFn: startPrelabel,
    onSuccess: () => {
      onClose()
      notifyDone(t('footage.prelabelQueued'))
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['jobs'] }),
        queries.invalidateQueries({ queryKey: ['drives', drive.id] }),
      ])
    },
    onError: (error) => error instanceof ApiError && form.setErrors(plainPaths(error.fields)),
  })
  const submit = form.onSubmit((values) => {
    const model = values.model ?? usual
    if (model) start.mutate(paramsOf(drive.id, model, values))
  })
  return (
    <Modal opened onClose={onClose} title={t('footage.prelabelTitle', { name: drive.name })}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('footage.prelabelText')}
          </Text>
          {(start.error ?? models.error) && <ErrorNote error={start.error ?? models.error} />}
          <Select
            label={t('footage.model')}
            required
            allowDeselect={false}
            data={choices}
            {...form.getInputProps('model')}
            value={form.values.model ?? usual}
          />
          <SimpleGrid cols={3} spacing="sm">
            {THRESHOLDS.map((name) => (
              <NumberInput
                key={name}
                label={t(`footage.${name}`)}
                description={t(`footage.help.${name}`)}
                placeholder={t('footage.modelsOwn')}
                min={0}
                max={1}
                step={0.05}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                {...form.getInputProps(name)}
              />
            ))}
          </SimpleGrid>
          <Checkbox
            label={t('footage.onlyNew')}
            description={t('footage.onlyNewHelp')}
            {...form.getInputProps('only_new', { type: 'checkbox' })}
          />
          <Checkbox.Group
            label={t('footage.looks')}
            description={t('footage.looksHelp')}
            {...form.getInputProps('looks')}
          >
            <Stack gap={6} mt={6}>
              {LOOKS.map((look) => (
                <Checkbox key={look} value={look} label={t(`footage.look.${look}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={start.isPending} disabled={usual === null}>
              {t('footage.prelabel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The serving model; before any was promoted, the one that labelled the drive, or the first that was added. */
function usualModel(models: readonly ModelVersion[], drive: Drive): string | null {
  const usual = models.find(({ serving }) => serving)?.id ?? drive.label_model?.id ?? models.at(-1)?.id
  return usual === undefined ? null : String(usual)
}

/** A threshold that is left empty is the model's own. */
function paramsOf(drive: number, model: string, { only_new, looks, ...values }: PrelabelForm): PrelabelParams {
  const thresholds = THRESHOLDS.flatMap((name) => (values[name] === '' ? [] : [[name, Number(values[name])]]))
  return { drive, model, only_new, looks, ...Object.fromEntries(thresholds) }
}

/** `params.score_threshold` -> `score_threshold`. */
function plainPaths(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([path, message]) => [path.replace(/^params\./, ''), message]))
}
