import { describe, expect, test } from 'vitest'
import type { TrainingMethod, TrainingRun } from '../../api/types'
import { differences, freeName, groupsOf, initialForm } from './launch'

const option = (name: string, group: string, value: number) => ({ name, group, default: value, kind: 'int' })
const method = {
  name: 'supervised',
  title: 'Supervised',
  families: ['grounding-dino'],
  sizes: { 'grounding-dino': ['nano', 'mini'] },
  options: [option('steps', 'Schedule', 10), option('width', 'Input', 64), option('batch', 'Schedule', 4)],
} as unknown as TrainingMethod
const run = {
  id: 7,
  name: 'first',
  method: 'supervised',
  family: 'grounding-dino',
  size: '',
  init: { id: 3, name: 'teacher' },
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
