/** The launch form: what it begins with, what is sent, and what differs. */
import type { MethodOption, ModelVersion, OptionValue, TrainingMethod, TrainingRun } from '../../api/types'
import { type Budget, NO_BUDGET } from '../edge/sizes'

/** Learns from labels alone: what every other method is measured against. */
export const CONTROL = 'none'
/** What runs on a device, and can be held to a budget. */
export const EDGE_FAMILY = 'yolox'
/** Options of the teacher's cache: shown where there is a teacher. */
const TEACHER_GROUP = 'Teacher'

export interface Plan {
  method: string
  family: string
  size: string
  init: number | null
  teacher: number | null
  dataset_version: number | null
  train_split: string
  validation_split: string
  seed: number
  options: Record<string, OptionValue>
  cloned_from: number | null
}

export interface LaunchValues extends Plan {
  name: string
  budget: Budget
}

export interface OptionGroup {
  name: string
  options: MethodOption[]
}

/** The form for a method: all defaults, or those of the run to clone. */
export function initialForm(method: TrainingMethod, clone: TrainingRun | undefined, init: number | null): LaunchValues {
  const family = clone && method.families.includes(clone.family) ? clone.family : (method.families[0] ?? '')
  const defaults = Object.fromEntries(method.options.map(({ name, default: value }) => [name, value]))
  const kept = Object.fromEntries(Object.entries(clone?.options ?? {}).filter(([name]) => name in defaults))
  return {
    name: clone ? `${clone.name} copy` : '',
    method: method.name,
    family,
    size: clone?.size ?? (init === null ? (method.sizes[family]?.[0] ?? '') : ''),
    init: clone ? (clone.init?.id ?? null) : init,
    teacher: clone?.teacher?.id ?? null,
    dataset_version: clone?.dataset_version?.id ?? null,
    train_split: clone?.dataset_version ? clone.train_split : 'train',
    validation_split: clone && !clone.validation_split ? '' : clone?.dataset_version ? clone.validation_split : 'val',
    seed: clone?.seed ?? 0,
    options: { ...defaults, ...kept },
    cloned_from: clone?.id ?? null,
    budget: NO_BUDGET,
  }
}

/** The options by group, in the order in which the method names them. */
export function groupsOf(options: readonly MethodOption[]): OptionGroup[] {
  const groups = new Map<string, MethodOption[]>()
  for (const option of options) groups.set(option.group, [...(groups.get(option.group) ?? []), option])
  return [...groups].map(([name, members]) => ({ name, options: members }))
}

/** The method's own options first, then those of every run; `control` has those alone. Nothing is asked that this detector would not hear. */
export function formGroups(method: TrainingMethod, control: TrainingMethod | undefined, family: string): OptionGroup[] {
  const common = new Set(control?.options.map(({ name }) => name))
  const own = method.options.filter(({ name }) => control !== undefined && !common.has(name))
  const others = method.options.filter((option) => !own.includes(option) && concerns(option, family))
  const shared = groupsOf(others).filter(({ name }) => name !== TEACHER_GROUP || method.needs_teacher)
  return own.length > 0 ? [{ name: method.title, options: own }, ...shared] : shared
}

/** Whether this detector hears of the option. */
function concerns(option: MethodOption, family: string): boolean {
  return option.family === '' || option.family === family
}

/** All options of the method: as they were set where this detector hears of them, else by default, since nobody sees them any more. */
export function optionsFor(
  method: TrainingMethod,
  values: Readonly<Record<string, OptionValue>>,
  family: string,
): Record<string, OptionValue> {
  const asSet = (option: MethodOption) => (concerns(option, family) ? values[option.name] : undefined)
  return Object.fromEntries(method.options.map((option) => [option.name, asSet(option) ?? option.default]))
}

/** What runs of a method are called, before their number. */
export function runWords(method: string): string {
  return method === CONTROL ? 'labels only' : method
}

/** Every detector that some method can train, in the order in which they come up. */
export function familiesOf(methods: readonly TrainingMethod[]): string[] {
  return [...new Set(methods.flatMap(({ families }) => families))]
}

/** Why the method cannot train this detector, empty where it gives no reason; null where it can. */
export function refusalOf({ families, refused }: TrainingMethod, family: string): string | null {
  return families.includes(family) ? null : (refused[family] ?? '')
}

/** The chosen method where it serves the detector, else the first that does. */
export function servingMethod(methods: readonly TrainingMethod[], chosen: TrainingMethod, family: string) {
  return refusalOf(chosen, family) === null
    ? chosen
    : (methods.find((one) => refusalOf(one, family) === null) ?? chosen)
}

/** Models that may teach a student of this family: the serving one first, then the larger of the two that ship. */
export function teachersOf(models: readonly ModelVersion[], family: string): ModelVersion[] {
  const rank = ({ serving, ref }: ModelVersion) => (serving ? 0 : ref === 'bundled:gdino-mini' ? 1 : 2)
  return models.filter((model) => !model.family || model.family === family).sort((a, b) => rank(a) - rank(b))
}

/** A name that nobody has: the given one, numbered on from where it ends. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  const [, stem = wanted, number] = /^(.*?)(?: (\d+))?$/.exec(wanted) ?? []
  for (let next = Number(number ?? 1) + 1; ; next += 1) if (!taken.includes(`${stem} ${next}`)) return `${stem} ${next}`
}

export interface Difference {
  name: string
  /** One a run, in their order. */
  values: string[]
}

/** The facts and options in which runs differ. */
export function differences(runs: readonly TrainingRun[], words: { rendered: string; fresh: string }): Difference[] {
  const facts = runs.map((run) => ({
    method: run.method,
    size: run.size || '–',
    begin: run.init?.name ?? words.fresh,
    teacher: run.teacher?.name ?? '–',
    data: run.dataset_version ? `${run.dataset_version.dataset.name} v${run.dataset_version.number}` : words.rendered,
    seed: String(run.seed),
    code: run.code_version,
    ...Object.fromEntries(Object.entries(run.options).map(([name, value]) => [name, String(value)])),
  })) as Record<string, string>[]
  const names = [...new Set(facts.flatMap((fact) => Object.keys(fact)))]
  return names
    .map((name) => ({ name, values: facts.map((fact) => fact[name] ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
}
