import { expect, test } from 'vitest'
import { cell, quoted } from './csv'

test.each(['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j is no formula', (name) => {
  expect(quoted(name)).toMatch(/^"'/)
})

test('a name ends where it ends, and numbers stay numbers', () => {
  expect(quoted('a,"b"\n')).toBe('"a,""b""\n"')
  expect([cell(-0.2), cell(null), cell(undefined), cell('-0.2')]).toEqual(['-0.2', '', '', '"\'-0.2"'])
})
