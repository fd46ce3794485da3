// @vitest-environment jsdom
/** Keys between this browser and the server. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type OwnKeys, STOCK_KEYS } from '../../../editor/keys/ownKeys'
import { answering, json } from '../../../testing/server'
import { fileOf, keysIn } from './keyFile'
import { chooseKeys, keyStore, loadKeys, save } from './keyStore'

const MINE: OwnKeys = { profile: 'cvat', singleKeys: false, keys: { accept: ['a'] } }
const WIRE = { profile: 'cvat', single_keys: false, keys: { accept: ['a'] } }

let person = 100
beforeEach(() => {
  vi.useFakeTimers()
  person += 1
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the keys of a person', () => {
  test('come from the server, and from this browser at once the next time', async () => {
    answering(json({ ...WIRE, chosen: true }), new TypeError('offline'))
    await loadKeys(person)
    expect(keyStore.getState()).toEqual({ keys: MINE, chosen: true, unsaved: false, known: true })
    keyStore.setState({ keys: STOCK_KEYS })
    await loadKeys(person)
    expect(keyStore.getState().keys).toEqual(MINE)
  })

  test('are not another person’s of the same browser', async () => {
    answering(json({ ...WIRE, chosen: true }), json({ profile: 'default', single_keys: true, keys: {}, chosen: false }))
    await loadKeys(person)
    await loadKeys(person + 1_000)
    expect(keyStore.getState()).toEqual({ keys: STOCK_KEYS, chosen: false, unsaved: false, known: true })
  })

  test('act at once and go to the server when the person pauses', async () => {
    const sent = answering(json({ ...WIRE, chosen: false }), json({ ...WIRE, chosen: true }))
    await loadKeys(person)
    chooseKeys({ ...MINE, profile: 'default' })
    chooseKeys(MINE)
    expect(keyStore.getState()).toEqual({ keys: MINE, chosen: true, unsaved: true, known: true })
    await vi.runAllTimersAsync()
    expect(sent.slice(1).map(({ method, body }) => [method, body])).toEqual([['PUT', WIRE]])
    expect(keyStore.getState().unsaved).toBe(false)
  })

  test('that could not be sent are sent the next time and not overwritten', async () => {
    const sent = answering(json({ ...WIRE, keys: {}, chosen: true }), new TypeError('offline'), json(WIRE))
    await loadKeys(person)
    chooseKeys(MINE)
    await vi.runAllTimersAsync()
    expect(keyStore.getState().unsaved).toBe(true)
    await loadKeys(person)
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PUT'])
    expect(keyStore.getState()).toEqual({ keys: MINE, chosen: true, unsaved: false, known: true })
  })

  test('are known in a new browser only when the server has answered, or cannot', async () => {
    for (const answer of [json({ ...WIRE, chosen: true }), new TypeError('offline')]) {
      person += 1
      answering(answer)
      const loading = loadKeys(person)
      expect(keyStore.getState().known).toBe(false)
      await loading
      expect(keyStore.getState().known).toBe(true)
    }
  })

  test('changed just before the page goes away are sent as it goes', async () => {
    const sent = answering(json({ ...WIRE, chosen: false }), json({ ...WIRE, chosen: true }))
    await loadKeys(person)
    chooseKeys(MINE)
    window.dispatchEvent(new Event('pagehide'))
    await vi.waitFor(() => expect(sent.map(({ method }) => method)).toEqual(['GET', 'PUT']))
  })

  test('changed while they were being sent are not called saved', async () => {
    answering(json(WIRE))
    chooseKeys(MINE)
    const saving = save()
    chooseKeys({ ...MINE, keys: {} })
    await saving
    expect(keyStore.getState().unsaved).toBe(true)
  })
})

describe('a file of keys', () => {
  test('comes back as it went', () => {
    expect(keysIn(fileOf(MINE))).toEqual(MINE)
  })

  test.each([
    '',
    '{}',
    '[1]',
    '{"kind":"headway-keys","profile":"vim","singleKeys":true,"keys":{}}',
    JSON.stringify(MINE),
  ])('that holds something else is none: %s', (text) => expect(keysIn(text)).toBeNull())
})
