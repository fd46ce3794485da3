// @vitest-environment jsdom
import i18next from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { roomWords } from '../../i18n'
import { reasonOf } from './triggers'

beforeAll(roomWords)

test.each([
  ['small_dense', 'small and dense'],
  ['alarm:fcw', 'an alarm'],
  ['tomorrow', 'tomorrow'],
])('%s is told as "%s"', (trigger, words) => {
  expect(reasonOf(trigger, i18next.t)).toBe(words)
})
