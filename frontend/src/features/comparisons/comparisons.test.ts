import { describe, expect, test } from 'vitest'
import type { ModelVersion, SeedDifference, Standing, Standings, TrainingMethod } from '../../api/types'
import { initialComparison, ownOptions, seedsOf, sent } from './comparisonForm'
import { figureName, place, scaleOf, seedDifferences, standingsCsv, verdictOf } from './standings'

const option = (name: string, value: number) => ({ name, group: 'Schedule', default: value, kind: 'int' })
const control = {
  name: 'none',
  families: ['grounding-dino', 'yolox'],
  refused: {},
  sizes: { 'grounding-dino': ['nano'] },
  needs_teacher: false,
  options: [option('steps', 10)],
} as unknown as TrainingMethod
const cld = {
  ...control,
  name: 'cld',
  families: ['grounding-dino'],
  refused: { yolox: 'no text' },
  needs_teacher: true,
  options: [option('steps', 10), option('temperature', 1)],
} as unknown as TrainingMethod
const models = [{ id: 4, family: 'grounding-dino', ref: 'x', serving: false }] as ModelVersion[]

describe('the form', () => {
  const values = { ...initialComparison([control, cld], 'which'), methods: ['cld'] }

  test('has the options of every run, and apart from them those of each method', () => {
    expect(values.options).toEqual({ steps: 10 })
    expect(values.method_options).toEqual({ none: {}, cld: { temperature: 1 } })
    expect(ownOptions(cld, control).map(({ name }) => name)).toEqual(['temperature'])
  })
  test('sends what the chosen methods need', () => {
    const found = sent(values, [control, cld], models)
    expect([found.methods, found.teacher, found.method_options]).toEqual([['cld'], 4, { cld: { temperature: 1 } }])
  })
  test('leaves out a method that cannot train the detector, and the teacher that nobody asks then', () => {
    const found = sent({ ...values, family: 'yolox', teacher: 4 }, [control, cld], models)
    expect([found.methods, found.teacher, found.method_options]).toEqual([[], null, {}])
  })
  test('reads seeds as whole numbers, each once', () => {
    expect(seedsOf(['1', ' 2', '1', 'x', '-3', '0.5', ''])).toEqual([1, 2])
  })
})

const found = (values: Partial<SeedDifference>): SeedDifference => ({
  difference: 0.02,
  pairs: 3,
  low: 0.01,
  high: 0.03,
  student_low: 0.005,
  student_high: 0.035,
  ...values,
})

test('a verdict needs both intervals; the bootstrap alone only leans', () => {
  expect(verdictOf(found({}))).toBe('better')
  expect(verdictOf(found({ student_low: -0.01 }))).toBe('leans')
  expect(verdictOf(found({ low: -0.01, student_low: -0.02 }))).toBe('open')
  expect(
    verdictOf(found({ difference: -0.02, low: -0.03, high: -0.01, student_low: -0.04, student_high: -0.001 })),
  ).toBe('worse')
  expect(verdictOf(found({ pairs: 1, low: null, high: null, student_low: null, student_high: null }))).toBe('open')
  expect(verdictOf(null)).toBe('open')
})

const row = (method: string, values: (number | null)[], against: SeedDifference | null): Standing =>
  ({
    method,
    title: method,
    runs: values.map((value, seed) => ({ id: seed, name: '', seed, state: 'succeeded', value })),
    mean: 0.3,
    deviation: 0.01,
    against_control: against,
    step_seconds: 1.5,
    step_ratio: 1.2,
    claims: [],
  }) as Standing
const rows = [row('none', [0.1, 0.2, null], null), row('cld', [0.15, 0.18, 0.4], found({}))]

test('the scale holds nil and every interval', () => {
  const scale = scaleOf(rows)
  expect(scale.low).toBeLessThan(0)
  expect(scale.high).toBeGreaterThan(0.035)
  expect(place({ low: -1, high: 3 }, 0)).toBe(25)
  expect(scaleOf([])).toEqual({ low: -0.01, high: 0.01 })
})

test('differences are those of seeds that both have', () => {
  expect(seedDifferences(rows[0], rows[1] as Standing).map(({ seed }) => seed)).toEqual([0, 1])
})

test('a category is named in words', () => {
  const words = (name: string) => `AP of ${name}`
  expect([figureName('AP50', words), figureName('category:bus', words)]).toEqual(['AP50', 'AP of bus'])
})

test('the table is a line a method, with what each seed gave', () => {
  const csv = standingsCsv({ figure: 'AP', figures: [], measured_on: 'test', rows } as Standings).split('\n')
  expect(csv[0]).toBe(
    'figure,method,mean,deviation,difference,low,high,student_low,student_high,pairs,step_seconds,step_ratio,seed 0,seed 1,seed 2',
  )
  expect(csv[1]).toBe('AP,none,0.3,0.01,,,,,,,1.5,1.2,0.1,0.2,')
  expect(csv[2]).toBe('AP,cld,0.3,0.01,0.02,0.01,0.03,0.005,0.035,3,1.5,1.2,0.15,0.18,0.4')
})
