import { describe, expect, test } from 'vitest'
import type { Dataset, ModelVersion, TrainingMethod, TrainingRun } from '../../api/types'
import {
  differences,
  familiesOf,
  formGroups,
  freeName,
  groupsOf,
  initialForm,
  optionsFor,
  refusalOf,
  runWords,
  servingMethod,
  teachersOf,
} from './launch'
import { paperUrl } from './papers'
import { onVersion } from './SourceFields'

const option = (name: string, group: string, value: number, family = '') => ({
  name,
  group,
  default: value,
  kind: 'int',
  family,
})
const method = {
  name: 'none',
  title: 'None (labels only)',
  families: ['grounding-dino'],
  refused: {},
  needs_teacher: false,
  sizes: { 'grounding-dino': ['nano', 'mini'] },
  options: [option('steps', 'Schedule', 10), option('width', 'Input', 64), option('batch', 'Schedule', 4)],
} as unknown as TrainingMethod
const run = {
  id: 7,
  name: 'first',
  method: 'none',
  family: 'grounding-dino',
  size: '',
  init: { id: 3, name: 'root' },
  teacher: { id: 8, name: 'wise' },
  dataset_version: { id: 5, number: 2, dataset: { id: 1, name: 'set' } },
  train_split: 'train',
  validation_split: '',
  seed: 9,
  options: { steps: 99, gone: 1 },
  code_version: 'abc',
} as unknown as TrainingRun

describe('initialForm', () => {
  test('defaults, and the first size of fresh weights', () => {
    const form = initialForm(method, undefined, null)
    expect(form.options).toEqual({ steps: 10, width: 64, batch: 4 })
    expect([form.size, form.init, form.dataset_version]).toEqual(['nano', null, null])
  })
  test('a model to begin from keeps its own size', () => {
    expect(initialForm(method, undefined, 3).size).toBe('')
  })
  test('a clone keeps what the method still knows', () => {
    const form = initialForm(method, run, null)
    expect(form.options).toEqual({ steps: 99, width: 64, batch: 4 })
    expect(form.teacher).toBe(8)
    expect([form.name, form.seed, form.init, form.dataset_version, form.validation_split, form.cloned_from]).toEqual([
      'first copy',
      9,
      3,
      5,
      '',
      7,
    ])
  })
})

test('options stay in their order within their groups', () => {
  expect(groupsOf(method.options).map(({ name, options }) => [name, options.map((one) => one.name)])).toEqual([
    ['Schedule', ['steps', 'batch']],
    ['Input', ['width']],
  ])
})

describe('a method that distils', () => {
  const cld = {
    ...method,
    name: 'cld',
    title: 'CLD',
    needs_teacher: true,
    refused: { yolox: 'no text' },
    options: [...method.options, option('gb', 'Teacher', 20), option('temperature', 'CLD', 1)],
  } as unknown as TrainingMethod
  const control = { ...method, options: [...method.options, option('gb', 'Teacher', 20)] } as TrainingMethod

  test('shows its own options first', () => {
    expect(
      formGroups(cld, control, 'grounding-dino').map(({ name, options }) => [name, options.map((one) => one.name)]),
    ).toEqual([
      ['CLD', ['temperature']],
      ['Schedule', ['steps', 'batch']],
      ['Input', ['width']],
      ['Teacher', ['gb']],
    ])
  })
  test('is not the control, which has no teacher to set', () => {
    expect(formGroups(control, control, 'grounding-dino').map(({ name }) => name)).toEqual(['Schedule', 'Input'])
  })
  test('is refused where it cannot serve, in its own words', () => {
    expect(refusalOf(cld, 'grounding-dino')).toBeNull()
    expect(refusalOf(cld, 'yolox')).toBe('no text')
    expect(refusalOf(cld, 'ssd')).toBe('')
  })
  test('adds no detector that nobody can train', () => {
    expect(familiesOf([control, cld])).toEqual(['grounding-dino'])
  })
  test('gives way to the first that serves another detector', () => {
    const both = { ...control, families: ['grounding-dino', 'yolox'] }
    expect(servingMethod([both, cld], cld, 'yolox')).toBe(both)
    expect(servingMethod([both, cld], cld, 'grounding-dino')).toBe(cld)
  })
})

describe('an option of one detector', () => {
  const options = [
    ...method.options,
    option('noised', 'Grounding DINO', 100, 'grounding-dino'),
    option('gflops', 'YOLOX', 0, 'yolox'),
  ]
  const both = { ...method, options } as TrainingMethod
  const groups = (family: string) => formGroups(both, both, family).map(({ name }) => name)

  test('is asked for that one alone', () => {
    expect(groups('grounding-dino')).toEqual(['Schedule', 'Input', 'Grounding DINO'])
    expect(groups('yolox')).toEqual(['Schedule', 'Input', 'YOLOX'])
  })
  test('falls back to its default with another, while the others stay as they were set', () => {
    const set = { steps: 99, width: 64, batch: 4, noised: 100, gflops: 0.5 }
    expect(optionsFor(both, set, 'yolox')).toEqual(set)
    expect(optionsFor(both, set, 'grounding-dino')).toEqual({ ...set, gflops: 0 })
  })
})

test('runs are called by their method, the control by what it learns from', () => {
  expect([runWords('cld'), runWords('none')]).toEqual(['cld', 'labels only'])
})

test('the serving model is the first to teach, then the larger one that ships; other detectors cannot', () => {
  const model = (id: number, values: object) => ({ id, family: 'grounding-dino', ref: 'x', serving: false, ...values })
  const models = [
    model(1, {}),
    model(2, { ref: 'bundled:gdino-mini' }),
    model(3, { serving: true }),
    model(4, { family: 'yolox' }),
    model(5, { family: '' }),
  ] as ModelVersion[]
  expect(teachersOf(models, 'grounding-dino').map(({ id }) => id)).toEqual([3, 2, 1, 5])
})

test('a reference leads to arXiv where it names a number', () => {
  expect(paperUrl('Shu et al., ICCV 2021, arXiv 2011.13256')).toBe('https://arxiv.org/abs/2011.13256')
  expect(paperUrl('2307.12732')).toBe('https://arxiv.org/abs/2307.12732')
  expect(paperUrl('IEEE TCSVT 2025')).toBeNull()
})

test('a taken name is numbered on', () => {
  expect(freeName('run', [])).toBe('run')
  expect(freeName('run', ['run'])).toBe('run 2')
  expect(freeName('run 2', ['run 2', 'run 3'])).toBe('run 4')
})

test('only what differs is listed', () => {
  const other = { ...run, seed: 10, options: { ...run.options, steps: 5 } }
  const words = { rendered: 'rendered', fresh: 'fresh' }
  expect(differences([run, other], words)).toEqual([
    { name: 'seed', values: ['9', '10'] },
    { name: 'steps', values: ['99', '5'] },
  ])
  expect(differences([run, run], words)).toEqual([])
})

test('on another version splits stay where it has them; nothing is validated on that is not there', () => {
  const version = (id: number, ...splits: string[]) => ({
    id,
    number: id,
    state: 'frozen',
    summary: { splits: Object.fromEntries(splits.map((split) => [split, { frames: 5 }])) },
  })
  const datasets = [
    { name: 'set', versions: [version(1, 'train', 'val'), version(2, 'TrainGT', 'TrainPseudo')] },
  ] as unknown as Dataset[]
  const first = { dataset_version: null, train_split: 'train', validation_split: 'val' }
  const ordinary = onVersion(datasets, first, 1)
  expect(ordinary).toEqual({ ...first, dataset_version: 1 })
  const audited = onVersion(datasets, ordinary, 2)
  expect(audited).toEqual({ dataset_version: 2, train_split: 'TrainGT', validation_split: '' })
  expect(onVersion(datasets, audited, null)).toEqual(first)
})
