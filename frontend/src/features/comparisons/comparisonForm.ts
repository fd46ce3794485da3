/** The form of a comparison: what it begins with, and what the methods that are chosen ask for. */
import type { ModelVersion, OptionValue, TrainingMethod } from '../../api/types'
import { CONTROL, refusalOf, teachersOf } from '../training/launch'

export interface ComparisonValues {
  name: string
  /** Without the control, which always takes part. */
  methods: string[]
  seeds: number[]
  family: string
  size: string
  init: number | null
  teacher: number | null
  dataset_version: number | null
  train_split: string
  validation_split: string
  options: Record<string, OptionValue>
  method_options: Record<string, Record<string, OptionValue>>
}

export function initialComparison(methods: readonly TrainingMethod[], name: string): ComparisonValues {
  const control = methods.find((method) => method.name === CONTROL)
  const family = control?.families[0] ?? ''
  return {
    name,
    methods: [],
    seeds: [0, 1, 2],
    family,
    size: control?.sizes[family]?.[0] ?? '',
    init: null,
    teacher: null,
    dataset_version: null,
    train_split: 'train',
    validation_split: 'val',
    options: Object.fromEntries((control?.options ?? []).map(({ name: option, default: value }) => [option, value])),
    method_options: Object.fromEntries(methods.map((method) => [method.name, ownDefaults(method, control)])),
  }
}

/** The options that a method has and the control has not. */
export function ownOptions(method: TrainingMethod, control: TrainingMethod | undefined) {
  const common = new Set(control?.options.map(({ name }) => name))
  return method.options.filter(({ name }) => !common.has(name))
}

/** Those of the form's methods that can train the detector. */
export function fitting(values: ComparisonValues, methods: readonly TrainingMethod[]): TrainingMethod[] {
  return methods.filter((method) => values.methods.includes(method.name) && refusalOf(method, values.family) === null)
}

/** What is sent: the chosen methods' own options alone, and a teacher where one of them needs it. */
export function sent(
  values: ComparisonValues,
  methods: readonly TrainingMethod[],
  models: readonly ModelVersion[],
): ComparisonValues {
  const chosen = fitting(values, methods)
  const taught = chosen.some(({ needs_teacher }) => needs_teacher)
  return {
    ...values,
    methods: chosen.map(({ name }) => name),
    teacher: taught ? teacherOf(values, models) : null,
    method_options: Object.fromEntries(chosen.map(({ name }) => [name, values.method_options[name] ?? {}])),
  }
}

/** The chosen teacher; until somebody chooses, the one that the launch form would propose. */
export function teacherOf({ teacher, family }: ComparisonValues, models: readonly ModelVersion[]): number | null {
  return teacher ?? teachersOf(models, family)[0]?.id ?? null
}

/** Whole numbers from what a person typed, each once; what is none is left out. */
export function seedsOf(typed: readonly string[]): number[] {
  return [...new Set(typed.filter((text) => /^\d{1,10}$/.test(text.trim())).map(Number))]
}

function ownDefaults(method: TrainingMethod, control: TrainingMethod | undefined): Record<string, OptionValue> {
  return Object.fromEntries(ownOptions(method, control).map(({ name, default: value }) => [name, value]))
}
