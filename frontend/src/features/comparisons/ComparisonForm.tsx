/** The form of a comparison: the detector and its methods, the seeds, what all runs share, and each method's own options. */
import { Accordion, Button, Group, Paper, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import type { Dataset, MethodOption, ModelVersion, TrainingMethod } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { CONTROL, familiesOf, formGroups, freeName, optionsFor } from '../training/launch'
import { DetectorField, TeacherField } from '../training/MethodFields'
import type { OptionInput } from '../training/OptionField'
import { OptionFields } from '../training/OptionFields'
import { BeginningFields, DataFields } from '../training/SourceFields'
import trainingClasses from '../training/training.module.css'
import {
  type ComparisonValues,
  fitting,
  initialComparison,
  ownOptions,
  seedsOf,
  sent,
  teacherOf,
} from './comparisonForm'
import { MethodChoice } from './MethodChoice'
import { useCompareMethods } from './queries'

interface ComparisonFormProps {
  methods: TrainingMethod[]
  models: ModelVersion[]
  datasets: Dataset[]
  taken: string[]
}

export function ComparisonForm({ methods, models, datasets, taken }: ComparisonFormProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const compare = useCompareMethods()
  const control = methods.find(({ name }) => name === CONTROL)
  const form = useForm<ComparisonValues>({
    initialValues: initialComparison(methods, freeName('comparison 1', taken)),
  })
  const { values, errors } = form
  const chosen = fitting(values, methods)
  const taught = chosen.some(({ needs_teacher }) => needs_teacher)
  const submit = form.onSubmit(() => {
    form.clearErrors()
    compare.mutate(sent(values, methods, models), {
      onSuccess: ({ id }) =>
        void navigate({ to: '/training/comparisons/$comparisonId', params: { comparisonId: String(id) } }),
      onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
    })
  })
  const runs = (chosen.length + 1) * values.seeds.length
  return (
    <form onSubmit={submit}>
      <Stack gap="lg" maw={1080}>
        <Paper withBorder p="md">
          <Stack gap="md">
            <DetectorField
              families={familiesOf(methods)}
              value={values.family}
              onChange={(family) =>
                form.setValues({
                  family,
                  init: null,
                  teacher: null,
                  size: control?.sizes[family]?.[0] ?? '',
                  ...(control ? { options: optionsFor(control, values.options, family) } : {}),
                })
              }
              error={errors.family}
            />
            <MethodChoice
              methods={methods}
              family={values.family}
              value={values.methods}
              onChange={(names) => form.setFieldValue('methods', names)}
              error={errors.methods}
            />
          </Stack>
        </Paper>
        <Paper withBorder p="md">
          <div className={trainingClasses.options}>
            <TextInput label={t('training.name')} required {...form.getInputProps('name')} />
            <TagsInput
              label={t('comparisons.seeds')}
              description={t('comparisons.seedsHelp')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              splitChars={[',', ' ', ';']}
              value={values.seeds.map(String)}
              onChange={(typed) => form.setFieldValue('seeds', seedsOf(typed))}
              error={errors.seeds}
            />
            {taught && (
              <TeacherField
                models={models}
                family={values.family}
                value={teacherOf(values, models)}
                onChange={(teacher) => form.setFieldValue('teacher', teacher)}
                error={errors.teacher}
              />
            )}
            <BeginningFields
              models={models}
              family={values.family}
              sizes={control?.sizes[values.family] ?? []}
              value={values}
              onChange={({ init, size }) => form.setValues({ init, size })}
              errors={errors}
            />
            <DataFields rendered datasets={datasets} value={values} onChange={form.setValues} errors={errors} />
          </div>
        </Paper>
        <Accordion variant="contained" multiple defaultValue={['Schedule']} aria-label={t('comparisons.common')}>
          {(control ? formGroups({ ...control, needs_teacher: taught }, control, values.family) : []).map(
            ({ name, options }) => (
              <OptionPanel
                key={name}
                name={name}
                options={options}
                inputOf={(one) => form.getInputProps(`options.${one}`)}
              />
            ),
          )}
          {chosen
            .map((method) => ({ method, options: ownOptions(method, control) }))
            .filter(({ options }) => options.length > 0)
            .map(({ method, options }) => (
              <OptionPanel
                key={method.name}
                name={t('comparisons.ownOptions', { method: method.title })}
                options={options}
                inputOf={(one) => form.getInputProps(`method_options.${method.name}.${one}`)}
              />
            ))}
        </Accordion>
        {compare.error && Object.keys(errors).length === 0 && <ErrorNote error={compare.error} />}
        <Group>
          <Button type="submit" leftSection={<IconPlayerPlay size={16} />} loading={compare.isPending}>
            {t('comparisons.launch')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('comparisons.runsInAll', { count: runs })}
          </Text>
        </Group>
      </Stack>
    </form>
  )
}

interface OptionPanelProps {
  name: string
  options: MethodOption[]
  inputOf: (option: string) => OptionInput
}

function OptionPanel({ name, options, inputOf }: OptionPanelProps) {
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{name}</Accordion.Control>
      <Accordion.Panel>
        <OptionFields options={options} inputOf={inputOf} />
      </Accordion.Panel>
    </Accordion.Item>
  )
}
