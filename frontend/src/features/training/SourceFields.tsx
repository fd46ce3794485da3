/** What a run begins from and what it learns: a model or a size, and a frozen version or rendered scenes. */
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dataset, ModelVersion } from '../../api/types'
import { frozenVersions } from '../evaluations/versions'

/** Errors by field, as forms keep them. */
type Errors = Record<string, ReactNode>

interface Beginning {
  init: number | null
  size: string
}

interface BeginningFieldsProps {
  models: ModelVersion[]
  family: string
  sizes: string[]
  value: Beginning
  onChange: (value: Beginning) => void
  errors: Errors
}

/** A model to begin from, or a size with fresh weights; with both, the model grows to that size. */
export function BeginningFields({ models, family, sizes, value, onChange, errors }: BeginningFieldsProps) {
  const { t } = useTranslation()
  const fitting = models.filter((model) => !model.family || model.family === family)
  // A refined size is not among those that are published.
  const known = value.size && !sizes.includes(value.size) ? [...sizes, value.size] : sizes
  const choices = known.map((size) => ({ value: size, label: size }))
  const beginning = value.init !== null
  return (
    <>
      <Select
        label={t('training.begin')}
        searchable
        clearable
        placeholder={t('training.fresh')}
        data={fitting.map(({ id, name }) => ({ value: String(id), label: name }))}
        error={errors.init}
        value={beginning ? String(value.init) : null}
        onChange={(id) => onChange(id === null ? { init: null, size: sizes[0] ?? '' } : { init: Number(id), size: '' })}
      />
      <Select
        label={t('training.size')}
        allowDeselect={false}
        data={[...(beginning ? [{ value: '', label: t('training.sameSize') }] : []), ...choices]}
        error={errors.size}
        value={value.size}
        onChange={(size) => onChange({ ...value, size: size ?? '' })}
      />
    </>
  )
}

interface Chosen {
  dataset_version: number | null
  train_split: string
  validation_split: string
}

interface DataFieldsProps {
  datasets: Dataset[]
  value: Chosen
  onChange: (value: Chosen) => void
  errors: Errors
  /** Whether rendered scenes will do. */
  rendered: boolean
}

export function DataFields({ datasets, value, onChange, errors, rendered }: DataFieldsProps) {
  const { t } = useTranslation()
  const versions = frozenVersions(datasets)
  const version = versions.find(({ id }) => id === value.dataset_version)
  const splits = splitsRead(datasets, value.dataset_version)
  return (
    <>
      <Select
        label={t('training.data')}
        searchable
        clearable={rendered}
        allowDeselect={rendered}
        placeholder={rendered ? t('training.rendered') : t('training.chooseVersion')}
        data={versions.map(({ id, title }) => ({ value: String(id), label: title }))}
        error={errors.dataset_version}
        value={version ? String(version.id) : null}
        onChange={(id) => onChange(onVersion(datasets, value, id === null ? null : Number(id)))}
      />
      {version && (
        <>
          <Select
            label={t('training.trainSplit')}
            allowDeselect={false}
            data={splits}
            error={errors.train_split}
            value={value.train_split}
            onChange={(split) => onChange({ ...value, train_split: split ?? '' })}
          />
          <Select
            label={t('training.validationSplit')}
            clearable
            placeholder={t('training.noValidation')}
            data={splits}
            error={errors.validation_split}
            value={value.validation_split || null}
            onChange={(split) => onChange({ ...value, validation_split: split ?? '' })}
          />
        </>
      )}
    </>
  )
}

/** The choice on another version: the splits stay where it has them, else its first is trained on and nothing is validated on. Rendered scenes have both. */
export function onVersion(datasets: Dataset[], value: Chosen, version: number | null): Chosen {
  const { train_split: train, validation_split: validation } = value
  if (version === null) return { dataset_version: null, train_split: 'train', validation_split: 'val' }
  const splits = splitsRead(datasets, version)
  return {
    dataset_version: version,
    train_split: splits.includes(train) ? train : (splits[0] ?? train),
    validation_split: splits.includes(validation) ? validation : '',
  }
}

/** What a version can be trained on: its splits, and the whole of the two that hold audited and pseudo-labelled frames. */
export function splitsRead(datasets: Dataset[], version: number | null): string[] {
  const frames = frozenVersions(datasets).find(({ id }) => id === version)?.frames ?? {}
  const own = Object.keys(frames)
  return own.includes('TrainGT') && own.includes('TrainPseudo') ? [...own, 'Full'] : own
}
