import { beforeEach, describe, expect, test } from 'vitest'
import { FakeUser, labelBox } from '../../testing/desk'
import { DEFAULT_PREFERENCES, hiddenCount, hiddenOpenCount, shownBoxes } from '../state'
import { isFiltered, NO_FILTER, stepped } from './filter'

const BOXES = [
  labelBox('sure', { score: 0.9, risk: 0.2, priority: 0.9 }),
  labelBox('unsure', { score: 0.2, risk: 0.7, priority: 0.5, category: 12 }),
  labelBox('decided', { score: 0.3, state: 'accepted', priority: 0.4 }),
  labelBox('drawn', { score: null, risk: null, source: 'human', state: 'accepted', priority: null }),
]

let user: FakeUser
beforeEach(() => {
  user = new FakeUser(BOXES)
})
const shown = (): string[] => shownBoxes(user.editor.state).map((box) => box.client_id)
const selected = (): string | null => user.editor.state.selected

describe('a filter', () => {
  test('hides what is below it, and never what nobody scored or judged', () => {
    const hidden = (filter: object): string[] =>
      BOXES.filter((box) => isFiltered(box, { ...NO_FILTER, ...filter })).map((box) => box.client_id)
    expect(hidden({})).toEqual([])
    expect(hidden({ leastScore: 0.9 })).toEqual(['unsure', 'decided'])
    expect(hidden({ leastRisk: 1 })).toEqual(['sure', 'unsure', 'decided'])
    expect(hidden({ hiddenCategories: [12] })).toEqual(['unsure'])
  })

  test('moves in steps between 0 and 1', () => {
    expect(stepped(0.1, 1)).toBe(0.15)
    expect(stepped(0, -1)).toBe(0)
    expect(stepped(1, 1)).toBe(1)
  })

  test('keeps the selected box, and counts the others with what waits among them', () => {
    user.editor.prefer({ leastScore: 0.95 })
    expect(shown()).toEqual(['sure', 'drawn'])
    expect([hiddenCount(user.editor.state), hiddenOpenCount(user.editor.state)]).toEqual([2, 1])
  })
})

describe('a category', () => {
  test('goes and comes with its key and Alt, and is counted', () => {
    user.key('Alt+2')
    expect(shown()).toEqual(['sure', 'decided', 'drawn'])
    expect(user.host.said.at(-1)).toBe('Hidden: truck; 1 hidden, 1 of them to decide')
    user.key('Alt+2')
    expect(user.host.said.at(-1)).toBe('Shown: truck; nothing is hidden')
  })
})

describe('the view', () => {
  test('is put back by one key, habits apart', () => {
    user.editor.prefer({ zoomToBox: false, leastRisk: 0.4, contrast: 2 })
    user.keys('Shift+x', 'Shift+s', 'Shift+n', 'Alt+1', 'Shift+h')
    expect(user.editor.state.preferences).toMatchObject({ crosshair: true, labelSize: 1.3, gamma: 1.6 })
    user.key('Shift+Home')
    expect(user.editor.state.preferences).toEqual({ ...DEFAULT_PREFERENCES, zoomToBox: false })
  })

  test('has labels of three sizes and shadows of three depths', () => {
    user.keys('Shift+s', 'Shift+s', 'Shift+n', 'Shift+n')
    expect(user.editor.state.preferences).toMatchObject({ labelSize: 1.7, gamma: 2.2 })
    user.keys('Shift+s', 'Shift+n')
    expect(user.editor.state.preferences).toMatchObject({ labelSize: 1, gamma: 1 })
  })
})

describe('hidden boxes', () => {
  test('are moved by keys, and told', () => {
    user.keys('>', '>', '>', '>', '>')
    expect(user.editor.state.preferences.leastScore).toBe(0.25)
    expect(user.host.said.at(-1)).toBe('Score from 0.25: 1 hidden, 1 of them to decide')
    user.keys('<', '}')
    expect(user.editor.state.preferences).toMatchObject({ leastScore: 0.2, leastRisk: 0.05 })
    expect(user.host.said.at(-1)).toBe('Risk from 0.05: nothing is hidden')
  })

  test('are stepped over by Tab and by the arrows', () => {
    user.editor.prefer({ leastScore: 0.5 })
    user.key('Tab')
    expect(selected()).toBe('drawn')
    user.key('Tab')
    expect(selected()).toBe('sure')
    user.key('ArrowRight')
    expect(selected()).toBe('sure')
  })

  test('hold the frame: the last shown decision says how many wait, and Shift+G goes on to them', () => {
    user.editor.prefer({ leastScore: 0.5 })
    user.key('Enter')
    expect(user.host.operations).toEqual(['sure accept'])
    expect(user.host.calls).toEqual([])
    expect(user.host.said.at(-1)).toBe('Accepted. 1 hidden box still waits for a decision. Shift+G shows all.')
    user.key('Enter')
    expect(user.host.operations).toEqual(['sure accept'])
    user.key('Shift+g')
    expect(selected()).toBe('unsure')
    user.key('x')
    expect(user.host.operations).toEqual(['sure accept', 'unsure reject', 'finish'])
  })

  test('are not decided with the rest', () => {
    user.editor.prefer({ leastScore: 0.5 })
    user.key('Shift+Enter')
    expect(user.host.operations).toEqual(['sure accept'])
    expect(user.box('unsure')?.state).toBe('pending')
  })

  test('are not where a new frame begins', () => {
    user = new FakeUser([labelBox('hidden', { score: 0.1, priority: 1 }), labelBox('seen', { score: 0.8 })], {
      leastScore: 0.5,
    })
    expect(selected()).toBe('seen')
  })

  test('are never decided while all are hidden: they come back instead', () => {
    user.keys('h', 'Shift+Enter')
    expect(user.host.operations).toEqual([])
    expect(user.editor.state.preferences.boxesHidden).toBe(false)
    expect(user.host.said).toEqual(['The boxes were hidden; nothing was decided.'])
  })
})
