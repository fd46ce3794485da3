/** The launch form: what it is made of comes from the methods, and every refusal lands at its field. */
import { Button, Group, NumberInput, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlayerPlay, IconStopwatch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Dataset, ModelVersion, TrainingMethod, TrainingRun } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { EdgeFields } from '../edge/EdgeFields'
import type { LabelChoice } from '../edge/sizes'
import { Estimate } from './Estimate'
import {
  CONTROL,
  EDGE_FAMILY,
  familiesOf,
  formGroups,
  freeName,
  initialForm,
  type LaunchValues,
  optionsFor,
  runWords,
  servingMethod,
  teachersOf,
} from './launch'
import { DetectorField, MethodField, TeacherField } from './MethodFields'
import { OptionFields } from './OptionFields'
import { useEstimate, useLaunch } from './queries'
import { BeginningFields, DataFields, splitsRead } from './SourceFields'
import classes from './training.module.css'

interface LaunchFormProps {
  methods: TrainingMethod[]
  models: ModelVersion[]
  datasets: Dataset[]
  taken: string[]
  clone: TrainingRun | undefined
  init: number | null
}

export function LaunchForm({ methods, models, datasets, taken, clone, init }: LaunchFormProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const launch = useLaunch()
  const estimate = useEstimate()
  const proposed = (method: TrainingMethod) => freeName(`${runWords(method.name)} 1`, taken)
  const form = useForm<LaunchValues>({ initialValues: firstForm() })
  const method = methods.find(({ name }) => name === form.values.method)
  const element = useRef<HTMLFormElement>(null)
  const onError = (error: unknown) => {
    if (!(error instanceof ApiError)) return
    form.setErrors(error.fields)
    // The form is long: the refused field may be screens away from the button.
    requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  const submit = form.onSubmit((values) =>
    launch.mutate(values, {
      onSuccess: ({ id }) => void navigate({ to: '/training/$runId', params: { runId: String(id) } }),
      onError,
    }),
  )
  const ask = () => {
    const { name: _, budget: __, ...plan } = form.getValues()
    form.clearErrors()
    estimate.mutate(plan, { onError })
  }
  if (!method) return null
  const failed = launch.error ?? estimate.error
  const unplaced = failed && Object.keys(form.errors).length === 0
  const control = methods.find(({ name }) => name === CONTROL)
  return (
    <form
      ref={element}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
      }}
    >
      <Stack gap="lg" maw={1080}>
        <Paper withBorder p="md">
          <Stack gap="md">
            <DetectorField
              families={familiesOf(methods)}
              value={form.values.family}
              onChange={(family) => chooseIn(servingMethod(methods, method, family), family)}
              error={form.errors.family}
            />
            <MethodField
              methods={methods}
              method={method}
              family={form.values.family}
              onChoose={(chosen) => chooseIn(chosen, form.values.family)}
              error={form.errors.method}
            />
            {method.needs_teacher && (
              <div className={classes.options}>
                <TeacherField
                  models={models}
                  family={form.values.family}
                  value={form.values.teacher}
                  onChange={(teacher) => form.setFieldValue('teacher', teacher)}
                  error={form.errors.teacher}
                />
              </div>
            )}
          </Stack>
        </Paper>
        <Paper withBorder p="md">
          <div className={classes.options}>
            <TextInput label={t('training.name')} required data-autofocus {...form.getInputProps('name')} />
            <BeginningFields
              models={models}
              family={form.values.family}
              sizes={method.sizes[form.values.family] ?? []}
              value={form.values}
              onChange={({ init: id, size }) => form.setValues({ init: id, size })}
              errors={form.errors}
            />
            <DataFields
              rendered
              datasets={datasets}
              value={form.values}
              onChange={({ dataset_version, train_split, validation_split }) =>
                form.setValues({ dataset_version, train_split, validation_split })
              }
              errors={form.errors}
            />
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
        {form.values.family === EDGE_FAMILY && (
          <EdgeFields
            size={form.values.size}
            width={Number(form.values.options.width)}
            height={Number(form.values.options.height)}
            version={form.values.dataset_version}
            split={form.values.train_split}
            method={method.name}
            splits={splitsRead(datasets, form.values.dataset_version)}
            budget={form.values.budget}
            errors={form.errors}
            onLabels={believe}
            onSize={({ size, width, height }) => {
              form.clearErrors()
              form.setValues({ size, options: { ...form.getValues().options, width, height } })
            }}
            onBudget={(budget) => {
              form.clearErrors()
              form.setFieldValue('budget', budget)
            }}
          />
        )}
        {formGroups(method, control, form.values.family).map(({ name, options }) => (
          <Paper withBorder p="md" key={name} component="section" aria-label={name}>
            <Title order={2} size="h5" mb="sm">
              {name}
            </Title>
            <OptionFields options={options} inputOf={(option) => form.getInputProps(`options.${option}`)} />
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

  function firstForm(): LaunchValues {
    const first = methods.find(({ name }) => name === clone?.method) ?? methods[0]
    if (!first) throw new Error('there is no method')
    const values = initialForm(first, clone, init)
    return { ...values, teacher: teacherFor(first, values), name: freeName(values.name || proposed(first), taken) }
  }

  /** The split, and the method that learns from its labels. */
  function believe({ split, method: wanted }: LabelChoice) {
    const chosen = methods.find(({ name }) => name === wanted)
    if (chosen) chooseIn(chosen, form.getValues().family)
    form.setFieldValue('train_split', split)
  }

  /** What the methods share stays as it was set; the name follows until a person gives one. */
  function chooseIn(chosen: TrainingMethod, family: string) {
    const now = form.getValues()
    const begin = family === now.family ? {} : { family, init: null, size: chosen.sizes[family]?.[0] ?? '' }
    const before = family === now.family ? now.teacher : null
    form.clearErrors()
    form.setValues({
      method: chosen.name,
      name: method && now.name === proposed(method) ? proposed(chosen) : now.name,
      ...begin,
      teacher: teacherFor(chosen, { family, teacher: before }),
      options: optionsFor(chosen, now.options, family),
    })
  }

  function teacherFor(
    chosen: TrainingMethod,
    { teacher, family }: Pick<LaunchValues, 'teacher' | 'family'>,
  ): number | null {
    return chosen.needs_teacher ? (teacher ?? teachersOf(models, family)[0]?.id ?? null) : null
  }
}
