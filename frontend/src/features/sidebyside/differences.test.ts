import { describe, expect, test } from 'vitest'
import type { ShownDetection, ShownModel } from '../../api/types'
import { countsOf, differences, iou, panesOf } from './differences'

const found = (category: string, x: number, score = 0.9): ShownDetection => ({
  category,
  box_xywh: [x, 0, 10, 10],
  score,
})
const model = (role: ShownModel['role'], detections: ShownDetection[]): ShownModel => ({
  role,
  id: 1,
  name: role,
  detections: { '7': detections },
})

test('overlap is that of the areas', () => {
  expect(iou([0, 0, 10, 10], [5, 0, 10, 10])).toBeCloseTo(1 / 3)
  expect(iou([0, 0, 10, 10], [0, 0, 10, 20])).toBe(0.5)
  expect(iou([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0)
})

describe('differences', () => {
  test('kept, changed, and what one of them finds alone', () => {
    const [before, after] = differences(
      [found('car', 0), found('car', 100), found('bus', 200)],
      [found('truck', 101), found('car', 1), found('person', 300)],
    )
    expect(before).toEqual(['kept', 'changed', 'alone'])
    expect(after).toEqual(['changed', 'kept', 'alone'])
  })
  test('one box stands for one object: the second of two is alone', () => {
    expect(differences([found('car', 0)], [found('car', 2), found('car', 0)])).toEqual([['kept'], ['alone', 'kept']])
  })
  test('an agreeing category goes before a better overlap', () => {
    expect(differences([found('car', 0)], [found('truck', 0), found('car', 2)])).toEqual([['kept'], ['alone', 'kept']])
  })
  test('turned round the marks change sides', () => {
    const [a, b] = [[found('car', 0), found('bus', 50)], [found('car', 3)]]
    expect(differences(b, a)).toEqual([...differences(a, b)].reverse())
  })
})

describe('a frame', () => {
  const teacher = model('teacher', [found('car', 0), found('person', 40)])
  const before = model('before', [found('car', 0), found('bus', 90)])
  const after = model('after', [found('car', 0), found('person', 40), found('sign', 200, 0.1)])

  test('shows what each has against the student after, and that one against the student before', () => {
    const panes = panesOf([teacher, before, after], 7, 0.3)
    expect(panes.map(({ marks }) => marks)).toEqual([
      ['kept', 'kept'],
      ['kept', 'alone'],
      ['kept', 'alone'],
    ])
    expect(countsOf([teacher, before, after], 7, 0.3)).toEqual({ gained: 1, lost: 1, changed: 0 })
  })
  test('counts what is surer than the threshold alone', () => {
    expect(countsOf([before, after], 7, 0.05).gained).toBe(2)
  })
  test('without a student before it is set against the teacher, without either nothing is marked', () => {
    expect(panesOf([teacher, after], 7, 0.05)[1]?.marks).toEqual(['kept', 'kept', 'alone'])
    expect(panesOf([after], 7, 0.3)[0]?.marks).toEqual(['kept', 'kept'])
    expect(countsOf([after], 7, 0.3)).toEqual({ gained: 0, lost: 0, changed: 0 })
  })
  test('that nobody predicted on is empty', () => {
    expect(panesOf([after], 8, 0.3)[0]?.detections).toEqual([])
  })
})
