/** How a run learns: the detector, the method with what it says of itself, and the teacher where the method needs one. */
import { Anchor, Group, Radio, Select, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersion, TrainingMethod } from '../../api/types'
import { refusalOf, teachersOf } from './launch'
import { paperUrl } from './papers'
import classes from './training.module.css'

interface MethodFieldProps {
  methods: TrainingMethod[]
  method: TrainingMethod
  /** Methods that cannot train this detector stay in sight, with their reasons. */
  family: string
  onChoose: (method: TrainingMethod) => void
  error?: ReactNode
}

export function MethodField({ methods, method, family, onChoose, error }: MethodFieldProps) {
  const { t } = useTranslation()
  const named = (name: string | null) => methods.find((one) => one.name === name)
  return (
    <div className={classes.method}>
      <Select
        label={t('training.method')}
        searchable
        allowDeselect={false}
        maxDropdownHeight={420}
        data={methods.map((one) => ({
          value: one.name,
          label: one.title,
          disabled: refusalOf(one, family) !== null,
        }))}
        value={method.name}
        error={error}
        renderOption={({ option, checked }) => (
          <MethodOption method={named(option.value)} family={family} checked={checked} />
        )}
        onChange={(name) => {
          const chosen = named(name)
          if (chosen) onChoose(chosen)
        }}
      />
      <div>
        <Text size="sm">{method.description}</Text>
        <Reference method={method} />
      </div>
    </div>
  )
}

interface MethodOptionProps {
  method: TrainingMethod | undefined
  family: string
  checked?: boolean
}

function MethodOption({ method, family, checked }: MethodOptionProps) {
  const { t } = useTranslation()
  if (!method) return null
  const why = refusalOf(method, family)
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <IconCheck size={14} visibility={checked ? 'visible' : 'hidden'} style={{ flex: 'none', marginTop: 3 }} />
      <div>
        <Text size="sm" fw={500}>
          {method.title}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {method.description}
        </Text>
        {why !== null && (
          <Text size="xs" c="orange">
            {t('training.refuses', { family })} {why}
          </Text>
        )}
      </div>
    </Group>
  )
}

/** The reference, which leads to the paper where it names an arXiv number. */
function Reference({ method: { paper } }: { method: TrainingMethod }) {
  if (!paper) return null
  const url = paperUrl(paper)
  return (
    <Text size="xs" c="dimmed" mt={4}>
      {url ? (
        <Anchor href={url} target="_blank" rel="noreferrer" fz="xs" c="dimmed" underline="always">
          {paper}
        </Anchor>
      ) : (
        paper
      )}
    </Text>
  )
}

interface DetectorFieldProps {
  families: string[]
  value: string
  onChange: (family: string) => void
  error?: ReactNode
}

export function DetectorField({ families, value, onChange, error }: DetectorFieldProps) {
  const { t } = useTranslation()
  return (
    <Radio.Group label={t('training.detector')} value={value} onChange={onChange} error={error}>
      <Group gap="xl" mt={6}>
        {families.map((family) => (
          <Radio key={family} value={family} label={family} />
        ))}
      </Group>
    </Radio.Group>
  )
}

interface TeacherFieldProps {
  models: ModelVersion[]
  family: string
  value: number | null
  onChange: (id: number | null) => void
  error?: ReactNode
}

export function TeacherField({ models, family, value, onChange, error }: TeacherFieldProps) {
  const { t } = useTranslation()
  return (
    <Select
      label={t('training.teacher')}
      description={t('training.teacherHelp')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      searchable
      placeholder={t('training.chooseTeacher')}
      data={teachersOf(models, family).map(({ id, name, serving }) => ({
        value: String(id),
        label: serving ? `${name} · ${t('models.serving')}` : name,
      }))}
      value={value === null ? null : String(value)}
      onChange={(id) => onChange(id === null ? null : Number(id))}
      error={error}
    />
  )
}
