import { describe, expect, it } from 'vitest'
import { csv, latest, lines, mean, noon, share, stacked, summary, table } from './days'

const part = (name: string, ...values: (number | null)[]) => ({ part: name, values })

describe('lines', () => {
  it('orders the parts by what they add up to', () => {
    const found = lines({ unit: 'count', parts: [part('a', 1, 1), part('b', 5, null)] })
    expect(found.map((line) => line.part)).toEqual(['b', 'a'])
  })

  it('adds up what is too much to draw, and leaves days without any value empty', () => {
    const parts = [part('a', 9, null), part('b', 3, null), part('c', 2, null)]
    expect(lines({ unit: 'count', parts }, 2)).toEqual([part('a', 9, null), part('', 5, null)])
    expect(lines({ unit: 'share', parts }, 2)).toEqual([part('a', 9, null), part('b', 3, null)])
  })
})

describe('stacked', () => {
  it('puts each line on those before it', () => {
    expect(stacked([part('a', 1, null), part('b', 2, 3)])).toEqual([
      [1, 0],
      [3, 3],
    ])
  })
})

describe('summary', () => {
  it('adds a flow up and takes a level as it stands', () => {
    const parts = [part('a', 1, 2), part('b', 5, null)]
    expect(summary({ level: false, parts })).toBe(8)
    expect(summary({ level: true, parts })).toBe(7)
    expect(summary({ level: true, parts: [] })).toBeNull()
  })
})

describe('share', () => {
  it('is that of the part that the series is about', () => {
    expect(share({ parts: [part('at most', 0.9), part('measured', 0.4, null)] })).toBe(0.4)
  })

  it('is the worst where it is about all parts alike', () => {
    expect(share({ parts: [part('monday', 0.01), part('tuesday', 0.03)] })).toBe(0.03)
    expect(share({ parts: [] })).toBeNull()
  })
})

it('takes the mean and the latest of the days that have a value', () => {
  expect(mean([2, null, 4])).toBe(3)
  expect(latest([2, 4, null])).toBe(4)
  expect(mean([null])).toBeNull()
})

it('puts a day at its noon', () => {
  expect(noon('1970-01-02')).toBe(129_600)
})

it('writes names and numbers, and nothing where nothing is known', () => {
  expect(
    table(
      ['model', 'AP'],
      [
        ['=x', 0.5],
        ['y', null],
      ],
    ),
  ).toBe('"model","AP"\n"\'=x",0.5\n"y",')
})

it('writes a table that runs no formula', () => {
  expect(csv(['2026-01-01'], [part('x', 2), part('y', null)], ['=1+1', 'a "b"'])).toBe(
    'day,"\'=1+1","a ""b"""\n2026-01-01,2,',
  )
})
