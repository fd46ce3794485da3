import { expect, it } from 'vitest'
import { apSteps } from './ap'

const point = (evaluation: number, data: string, ap: number | null) => ({
  evaluation,
  data,
  ap,
  at: '2026-11-01T00:00:00Z',
  model: 'm',
})

it('compares an evaluation with the one before it on the same data only', () => {
  const found = apSteps([point(1, 'a', 0.25), point(2, 'b', 0.5), point(3, 'a', 0.375), point(4, 'a', null)])
  expect(found.map(({ data, steps }) => [data, steps.map(({ gained }) => gained)])).toEqual([
    ['a', [null, 0.125, null]],
    ['b', [null]],
  ])
})
