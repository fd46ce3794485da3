/** `/training/new`: a form made from what the workers can run, with an estimate before anyone waits. */
import {
  Alert,
  Button,
  Group,
  NumberInput,
  Paper,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlayerPlay, IconStopwatch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Dataset, ModelVersion, TrainingMethod, TrainingRun } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { datasetsQuery } from '../datasets/queries'
import { frozenVersions } from '../evaluations/versions'
import { modelsQuery } from '../models/queries'
import { Estimate } from './Estimate'
import { freeName, groupsOf, initialForm, type LaunchForm } from './launch'
import { OptionField } from './OptionField'
import { methodsQuery, runQuery, runsQuery, useEstimate, useLaunch } from './queries'
import classes from './training.module.css'

export function LaunchPage() {
  const { t } = useTranslation()
  const { from, init } = useSearch({ from: '/member/shell/training/new' })
  const methods = useQuery(methodsQuery)
  const models = useQuery(modelsQuery)
  const datasets = useQuery(datasetsQuery)
  const runs = useQuery(runsQuery)
  const clone = useQuery({ ...runQuery(from ?? 0), enabled: from !== undefined })
  const failed = methods.error ?? models.error ?? datasets.error ?? runs.error ?? clone.error
  const ready = methods.data && models.data && datasets.data && runs.data && (from === undefined || clone.data)
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={t('training.launchTitle')}
        lead={t('training.launchLead')}
      />
      {failed && <ErrorNote error={failed} />}
      {!failed && !ready && <Skeleton h={520} />}
      {methods.data?.results.length === 0 && <Alert color="orange">{t('training.noMethods')}</Alert>}
      {ready && methods.data.results.length > 0 && (
        <Launch
          methods={methods.data.results}
          models={models.data.results}
          datasets={datasets.data.results}
          taken={runs.data.results.map(({ name }) => name)}
          clone={clone.data}
          init={init ?? null}
        />
      )}
    </>
  )
}

interface LaunchProps {
  methods: TrainingMethod[]
  models: ModelVersion[]
  datasets: Dataset[]
  taken: string[]
  clone: TrainingRun | undefined
  init: number | null
}

function Launch({ methods, models, datasets, taken, clone, init }: LaunchProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const launch = useLaunch()
  const estimate = useEstimate()
  const form = useForm<LaunchForm>({ initialValues: firstForm(methods, clone, init, taken) })
  const method = methods.find(({ name }) => name === form.values.method)
  const onError = (error: unknown) => error instanceof ApiError && form.setErrors(error.fields)
  const submit = form.onSubmit((values) =>
    launch.mutate(values, {
      onSuccess: ({ id }) => void navigate({ to: '/training/$runId', params: { runId: String(id) } }),
      onError,
    }),
  )
  const ask = () => {
    const { name: _, ...plan } = form.getValues()
    form.clearErrors()
    estimate.mutate(plan, { onError })
  }
  const choose = (name: string | null) => {
    const chosen = methods.find((one) => one.name === name)
    if (chosen) form.setValues({ ...initialForm(chosen, undefined, form.values.init), name: form.values.name })
  }
  if (!method) return null
  const failed = launch.error ?? estimate.error
  const unplaced = failed && Object.keys(form.errors).length === 0
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
      }}
    >
      <Stack gap="lg" maw={1080}>
        <Paper withBorder p="md">
          <div className={classes.options}>
            <TextInput label={t('training.name')} required data-autofocus {...form.getInputProps('name')} />
            <Select
              label={t('training.method')}
              description={method.description}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              allowDeselect={false}
              data={methods.map(({ name, title }) => ({ value: name, label: title }))}
              {...form.getInputProps('method')}
              onChange={choose}
            />
            <Beginning form={form} method={method} models={models} />
            <Data form={form} datasets={datasets} />
            <NumberInput
              label={t('training.seed')}
              description={t('training.seedHelp')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              min={0}
              max={2 ** 31 - 1}
              allowDecimal={false}
              {...form.getInputProps('seed')}
            />
          </div>
        </Paper>
        {groupsOf(method.options).map(({ name, options }) => (
          <Paper withBorder p="md" key={name} component="section" aria-label={name}>
            <Title order={2} size="h5" mb="sm">
              {name}
            </Title>
            <div className={classes.options}>
              {options.map((option) => (
                <OptionField key={option.name} option={option} {...form.getInputProps(`options.${option.name}`)} />
              ))}
            </div>
          </Paper>
        ))}
        {unplaced && <ErrorNote error={failed} />}
        <Estimate job={estimate.data?.job.id} />
        <Group>
          <Button type="submit" leftSection={<IconPlayerPlay size={16} />} loading={launch.isPending}>
            {t('training.start')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconStopwatch size={16} />}
            loading={estimate.isPending}
            onClick={ask}
          >
            {t('training.estimate')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('training.startHint')}
          </Text>
        </Group>
      </Stack>
    </form>
  )
}

type Form = ReturnType<typeof useForm<LaunchForm>>

/** A model to begin from, or a size with fresh weights; with both, the model grows to that size. */
function Beginning({ form, method, models }: { form: Form; method: TrainingMethod; models: ModelVersion[] }) {
  const { t } = useTranslation()
  const fitting = models.filter(({ family }) => !family || family === form.values.family)
  const sizes = (method.sizes[form.values.family] ?? []).map((size) => ({ value: size, label: size }))
  const beginning = form.values.init !== null
  return (
    <>
      <Select
        label={t('training.begin')}
        searchable
        clearable
        placeholder={t('training.fresh')}
        data={fitting.map(({ id, name }) => ({ value: String(id), label: name }))}
        error={form.errors.init}
        value={beginning ? String(form.values.init) : null}
        onChange={(id) =>
          form.setValues({ init: id === null ? null : Number(id), size: id === null ? (sizes[0]?.value ?? '') : '' })
        }
      />
      <Select
        label={t('training.size')}
        allowDeselect={false}
        data={[...(beginning ? [{ value: '', label: t('training.sameSize') }] : []), ...sizes]}
        {...form.getInputProps('size')}
      />
    </>
  )
}

function Data({ form, datasets }: { form: Form; datasets: Dataset[] }) {
  const { t } = useTranslation()
  const versions = frozenVersions(datasets)
  const version = versions.find(({ id }) => id === form.values.dataset_version)
  const splits = Object.keys(version?.frames ?? {})
  return (
    <>
      <Select
        label={t('training.data')}
        searchable
        clearable
        placeholder={t('training.rendered')}
        data={versions.map(({ id, title }) => ({ value: String(id), label: title }))}
        error={form.errors.dataset_version}
        value={version ? String(version.id) : null}
        onChange={(id) => form.setFieldValue('dataset_version', id === null ? null : Number(id))}
      />
      {version && (
        <>
          <Select
            label={t('training.trainSplit')}
            allowDeselect={false}
            data={splits}
            {...form.getInputProps('train_split')}
          />
          <Select
            label={t('training.validationSplit')}
            clearable
            placeholder={t('training.noValidation')}
            data={splits}
            error={form.errors.validation_split}
            value={form.values.validation_split || null}
            onChange={(split) => form.setFieldValue('validation_split', split ?? '')}
          />
        </>
      )}
    </>
  )
}

function firstForm(
  methods: TrainingMethod[],
  clone: TrainingRun | undefined,
  init: number | null,
  taken: string[],
): LaunchForm {
  const method = methods.find(({ name }) => name === clone?.method) ?? methods[0]
  if (!method) throw new Error('there is no method')
  const form = initialForm(method, clone, init)
  return { ...form, name: freeName(form.name || `${method.name} 1`, taken) }
}
