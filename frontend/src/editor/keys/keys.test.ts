/** The keys that a person sets: what acts, what is shown as acting, and what clashes. */

import { beforeEach, describe, expect, test } from 'vitest'
import { CATEGORIES, FakeUser, labelBox } from '../../testing/desk'
import { categoryHotkeys } from '../commands/hotkeys'
import { COMMANDS } from '../commands/registry'
import { clashesOf } from './clashes'
import { KEYED } from './keyed'
import { actingChords, chordsOf, type OwnKeys, profileChords, rebound, STOCK_KEYS } from './ownKeys'
import { PROFILE_NAMES, PROFILES } from './profiles'

const owning = (keys: OwnKeys['keys'], changes: Partial<OwnKeys> = {}): OwnKeys => ({ ...STOCK_KEYS, ...changes, keys })
const command = (id: string) => KEYED.find((one) => one.id === id) ?? expect.fail(`no command ${id}`)

describe('a key of one’s own', () => {
  let user: FakeUser

  beforeEach(() => {
    user = new FakeUser([labelBox('high', { priority: 0.9 }), labelBox('low', { priority: 0.1 })])
  })

  test('acts at once, in place of the old ones', () => {
    user.editor.set({ keys: owning({ accept: ['j'] }) })
    expect(user.key('Enter')).toBe(false)
    user.key('j')
    expect(user.host.operations).toEqual(['high accept'])
  })

  test('of a direction keeps the direction', () => {
    user.editor.set({ keys: owning({ nudge: ['', '', 'j', '', '', '', '', ''] }), editing: true })
    user.key('j')
    user.editor.commitDraft()
    expect(user.box('high')).toMatchObject({ x: 101, y: 100 })
  })

  test('of a command for all categories goes with each of them', () => {
    user.editor.set({ keys: owning({}, { profile: 'cvat' }) })
    expect(user.key('2')).toBe(false)
    user.key('Mod+2')
    expect(user.box('high')).toMatchObject({ category: 12 })
  })

  test('of a category relabels, and takes the key from whom it was only offered to', () => {
    const own = owning({ 'category:truck': ['1'] })
    expect([...categoryHotkeys(CATEGORIES, own)]).toEqual([
      [12, '1'],
      [13, '3'],
      [11, '2'],
    ])
    user.editor.set({ keys: own })
    user.key('1')
    expect(user.box('high')).toMatchObject({ category: 12 })
  })

  test('in a list of another length, from another version, counts for nothing', () => {
    expect(chordsOf(command('nudge'), owning({ nudge: ['j'] }))).toEqual(command('nudge').keys)
  })

  test('is gone when it is set back', () => {
    const own = rebound(rebound(STOCK_KEYS, 'accept', ['a']), 'accept', null)
    expect(own).toEqual(STOCK_KEYS)
  })
})

test('without single characters only the other keys act, whatever they are', () => {
  const own = owning({}, { singleKeys: false })
  expect(actingChords(command('reject'), own)).toEqual(['Delete', 'Backspace'])
  expect(actingChords(command('relabel'), own)).toEqual([])
  expect(actingChords(command('relabel'), { ...own, profile: 'cvat' })).toEqual(['Mod+Category'])
})

describe('profiles', () => {
  test.each(PROFILE_NAMES)('%s names commands that there are, with as many keys as they have directions', (profile) => {
    for (const [id, chords] of Object.entries(PROFILES[profile]))
      expect(chordsOf(command(id), owning({}, { profile }))).toEqual(chords)
  })

  test.each(PROFILE_NAMES)('%s gives no key to two commands of one place', (profile) => {
    const hotkeys = new Map(CATEGORIES.map(({ name, hotkey }) => [name, hotkey]))
    expect([...clashesOf(KEYED, owning({}, { profile }), hotkeys)]).toEqual([])
    const places = COMMANDS.filter(({ when }) => !when).flatMap((one) =>
      profileChords(one, profile).map((chord) => `${one.scope ?? 'desk'} ${chord}`),
    )
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([])
  })
})

describe('a clash', () => {
  test('is told to both, with the one that acts', () => {
    const clashes = clashesOf(KEYED, owning({ help: ['Enter'] }))
    expect(clashes.get('help')).toEqual([{ chord: 'Enter', other: 'accept', wins: 'this' }])
    expect(clashes.get('accept')).toEqual([{ chord: 'Enter', other: 'help', wins: 'other' }])
  })

  test('in one place leaves open which acts', () => {
    expect(clashesOf(KEYED, owning({ why: ['g'] })).get('show-gone')).toEqual([
      { chord: 'g', other: 'why', wins: 'either' },
    ])
  })

  test('is none where the places have nothing in common', () => {
    expect(clashesOf(KEYED, owning({ 'grid-move': ['w', 'F', 'g', 'h', '', ''] })).size).toBe(0)
  })

  test('of a category’s key is found too', () => {
    const clashes = clashesOf(KEYED, owning({ why: ['2'] }), new Map([['truck', '2']]))
    expect(clashes.get('why')?.map(({ other }) => other)).toEqual(['category:truck'])
  })
})
