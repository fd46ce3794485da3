// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { FakeUser, labelBox, labelledFrame } from '../testing/desk'

test('a box is copied to another frame, at its place and with its category, and undone there', () => {
  const user = new FakeUser([labelBox('car', { category: 12, x: 40, y: 60 })])
  user.key('Mod+c')
  user.editor.load(labelledFrame([], 2), null, user.editor.state.categories)
  user.key('Mod+v')
  const pasted = user.editor.state.labelled?.boxes[0]
  expect(pasted).toMatchObject({ category: 12, x: 40, y: 60, width: 200, height: 100, state: 'accepted' })
  expect(user.host.recorded.map(({ frame }) => frame)).toEqual([2])
  user.key('Mod+z')
  expect(user.editor.state.labelled?.boxes[0]?.state).toBe('rejected')
})

test('a box of another taxonomy is not pasted', () => {
  const user = new FakeUser([labelBox('car')])
  user.key('Mod+c')
  user.editor.load(labelledFrame([], 2), null, [{ id: 99, name: 'tram', colour: '#ffffff', hotkey: '1' }])
  expect(user.key('Mod+v')).toBe(false)
  expect(user.host.operations).toEqual([])
})
