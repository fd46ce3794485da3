/** What to pack of a model, what to calibrate and judge it on, and how much it may lose. */
import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { ErrorNote } from '../../ui/ErrorNote'
import { datasetsQuery } from '../datasets/queries'
import { frozenVersions, splitsOf, usualSplit } from '../evaluations/versions'
import { type ExportForm, INITIAL, SLICES, TARGETS, writeOf } from './form'
import { useEdgeExport } from './queries'

const RENDERED = ''

export function ExportDialog({ model, onClose }: { model: { id: number; name: string }; onClose: () => void }) {
  const { t } = useTranslation()
  const datasets = useQuery(datasetsQuery)
  const send = useEdgeExport()
  const form = useForm<ExportForm>({ initialValues: INITIAL })
  const versions = frozenVersions(datasets.data?.results ?? [])
  const chosen = form.values.version ?? String(versions[0]?.id ?? RENDERED)
  const version = versions.find(({ id }) => String(id) === chosen)
  const splits = version ? splitsOf(version).filter(({ name }) => name) : []
  const usual = splits.length > 1 ? usualSplit(splits) : ''
  const judge = splits.some(({ name }) => name === form.values.judge) ? form.values.judge : (form.values.judge ?? usual)
  const eightBits = ['bundle', 'int8', 'openvino'].includes(form.values.target)
  const submit = form.onSubmit((values) =>
    send.mutate(writeOf(model.id, { ...values, version: chosen, judge: version ? judge : '' }), {
      onSuccess: onClose,
      onError: (error) => error instanceof ApiError && form.setErrors(formFields(error.fields)),
    }),
  )
  const failed = datasets.error ?? (Object.keys(form.errors).length === 0 ? send.error : null)
  return (
    <Modal opened onClose={onClose} title={t('edge.exportTitle', { name: model.name })} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('edge.exportText')}
          </Text>
          {failed && <ErrorNote error={failed} />}
          <Select
            label={t('edge.target')}
            description={t(`edge.targetHelp.${form.values.target}`)}
            allowDeselect={false}
            data-autofocus
            data={TARGETS.map((value) => ({ value, label: t(`edge.targets.${value}`) }))}
            {...form.getInputProps('target')}
          />
          <Group grow align="start">
            <Select
              label={t('edge.data')}
              allowDeselect={false}
              searchable
              data={[
                ...versions.map(({ id, title }) => ({ value: String(id), label: title })),
                { value: RENDERED, label: t('edge.rendered') },
              ]}
              {...form.getInputProps('version')}
              value={chosen}
            />
            <Select
              label={t('edge.judge')}
              allowDeselect={false}
              disabled={!version}
              data={[
                ...splits.map(({ name, frames }) => ({
                  value: name,
                  label: t('evaluations.framesOf', { split: name, count: frames }),
                })),
                { value: '', label: t('edge.halves') },
              ]}
              {...form.getInputProps('judge')}
              value={version ? judge : ''}
            />
          </Group>
          <Group grow align="start">
            <NumberInput
              label={t('edge.width')}
              placeholder={t('edge.asTrained')}
              step={32}
              allowDecimal={false}
              {...form.getInputProps('width')}
            />
            <NumberInput
              label={t('edge.height')}
              placeholder={t('edge.asTrained')}
              step={32}
              allowDecimal={false}
              {...form.getInputProps('height')}
            />
            <NumberInput
              label={t('edge.calibration')}
              min={1}
              max={1000}
              allowDecimal={false}
              {...form.getInputProps('calibration')}
            />
          </Group>
          <Checkbox.Group label={t('edge.slices')} {...form.getInputProps('slices')}>
            <Group mt={4}>
              {SLICES.map((name) => (
                <Checkbox key={name} value={name} label={t(`edge.slice.${name}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          {eightBits && (
            <>
              <Group grow align="start">
                <NumberInput
                  label={t('edge.mostLost')}
                  min={0}
                  max={1}
                  step={0.005}
                  {...form.getInputProps('most_lost')}
                />
                <NumberInput
                  label={t('edge.mostLostCategory')}
                  min={0}
                  max={1}
                  step={0.005}
                  {...form.getInputProps('most_lost_category')}
                />
              </Group>
              <Text size="xs" c="dimmed">
                {t('edge.mostLostHelp')}
              </Text>
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={!datasets.data}>
              {t('edge.start')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The server's names of the fields as the form's. */
function formFields({ dataset_version, judge_split, ...fields }: Record<string, string>): Record<string, string> {
  return {
    ...fields,
    ...(dataset_version ? { version: dataset_version } : {}),
    ...(judge_split ? { judge: judge_split } : {}),
  }
}
