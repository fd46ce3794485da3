// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { FakeUser } from '../../../testing/desk'
import { rememberPreferences, storedPreferences } from './preferences'

beforeEach(() => localStorage.clear())

test('preferences go with the person, not with the browser or the workspace', () => {
  const { editor } = new FakeUser([])
  const forget = rememberPreferences(editor, '1@west')
  editor.prefer({ gamma: 1.6, hiddenCategories: [12] })
  forget()
  expect(storedPreferences('1@east')).toMatchObject({ gamma: 1.6, hiddenCategories: [12] })
  expect(storedPreferences('2@west')).toEqual({})
})

test('what an older page kept for everybody is where a person begins', () => {
  localStorage.setItem('headway.desk.preferences', '{"contrast": 1.4}')
  expect(storedPreferences('1@west')).toEqual({ contrast: 1.4 })
})

test('what is of another kind does not count', () => {
  const odd = { contrast: 'high', hiddenCategories: {}, leastRisk: null, nobody: 1, labelSize: 1.3 }
  localStorage.setItem('headway.desk.preferences.1', JSON.stringify(odd))
  expect(storedPreferences('1@west')).toEqual({ labelSize: 1.3 })
  localStorage.setItem('headway.desk.preferences.1', 'no json')
  expect(storedPreferences('1@west')).toEqual({})
})
