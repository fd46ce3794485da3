import { expect, it } from 'vitest'
import { apLines, apSteps, cutsOf } from './ap'

const point = (evaluation: number, data: string, ap: number | null, slices = {}) => ({
  evaluation,
  data,
  ap,
  at: '2026-11-01T00:00:00Z',
  model: 'm',
  slices,
})

it('compares an evaluation with the one before it on the same data only', () => {
  const found = apSteps([point(1, 'a', 0.25), point(2, 'b', 0.5), point(3, 'a', 0.375), point(4, 'a', null)])
  expect(found.map(({ data, steps }) => [data, steps.map(({ gained }) => gained)])).toEqual([
    ['a', [null, 0.125, null]],
    ['b', [null]],
  ])
})

it('cuts AP into its parts, the best first, and leaves out what was never measured', () => {
  const points = [
    point(1, 'a', 0.2, { size: { small: 0.1, large: 0.3, medium: null } }),
    point(2, 'a', 0.3, { size: { small: 0.2, large: 0.4, medium: null }, category: { car: 0.3 } }),
  ]
  const [{ steps } = { steps: [] }] = apSteps(points)
  expect(cutsOf(points)).toEqual(['category', 'size'])
  expect(apLines(steps, 'size', 'all')).toEqual([
    { part: 'all', values: [0.2, 0.3] },
    { part: 'large', values: [0.3, 0.4] },
    { part: 'small', values: [0.1, 0.2] },
  ])
  expect(apLines(steps, '', 'all')).toHaveLength(1)
})
