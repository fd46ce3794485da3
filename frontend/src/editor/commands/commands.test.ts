import { describe, expect, test } from 'vitest'
import { CATEGORIES } from '../../testing/desk'
import { STOCK_KEYS } from '../keys/ownKeys'
import { ariaChord, chordOf, isSingleKey, spoken } from './chord'
import { categoryHotkeys } from './hotkeys'
import { bindingsOf } from './keymap'
import { COMMANDS, commandOf } from './registry'

const press = (key: string, changes: Partial<Parameters<typeof chordOf>[0]> = {}): string =>
  chordOf({ key, code: key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...changes })

describe('the commands', () => {
  test('each have an id of their own', () => {
    expect(COMMANDS.length).toBeGreaterThan(30)
    expect(new Set(COMMANDS.map((command) => command.id)).size).toBe(COMMANDS.length)
  })

  test('share a chord only where each says when it holds', () => {
    const bindings = bindingsOf(categoryHotkeys(CATEGORIES), STOCK_KEYS)
    const unconditional = bindings.filter(({ command }) => !command.when)
    for (const { chord, command } of unconditional) {
      const others = bindings.filter((other) => other.chord === chord && other.command !== command)
      expect(others, `${chord} is bound twice`).toEqual([])
    }
  })

  test('are found by id, and a wrong id is told', () => {
    expect(commandOf('accept').title).toBe('Accept and next')
    expect(() => commandOf('acept')).toThrow(/'acept' is not a command; known: .*accept/)
  })
})

describe('a chord', () => {
  test('of a digit goes by its place, so that shift and layouts do not matter', () => {
    expect(press('!', { code: 'Digit1', shiftKey: true })).toBe('Shift+1')
    expect(press('&', { code: 'Digit1' })).toBe('1')
    expect(press('4', { code: 'Numpad4' })).toBe('4')
  })

  test('of a letter with Alt goes by its place: a Mac types another sign', () => {
    expect(press('œ', { code: 'KeyQ', altKey: true })).toBe('Alt+q')
  })

  test('of a sign leaves shift out', () => {
    expect(press('?', { code: 'Slash', shiftKey: true })).toBe('?')
  })

  test('takes control and command for one', () => {
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('Mod+Shift+z')
    expect(press('z', { metaKey: true })).toBe('Mod+z')
  })

  test('knows which ones type a character', () => {
    expect(['x', '?', 'Shift+h', '1'].every(isSingleKey)).toBe(true)
    expect(['Enter', 'Mod+k', 'ArrowLeft', 'F1', 'Tab'].some(isSingleKey)).toBe(false)
  })

  test('reads well on a key cap and for assistive technology', () => {
    expect(spoken('Mod+Shift+z')).toBe('Ctrl+Shift+Z')
    expect(ariaChord('Mod+k')).toBe('Control+k')
  })
})

describe('category hotkeys', () => {
  test('are the taxonomy’s where no command holds the key, and a free one otherwise', () => {
    const categories = CATEGORIES.map((category, index) => ({ ...category, hotkey: ['1', 'w', ''][index] ?? '' }))
    const hotkeys = categoryHotkeys(categories)
    expect(hotkeys.get(11)).toBe('1')
    expect(hotkeys.get(12)).toBe('2')
    expect(hotkeys.get(13)).toBe('3')
  })

  test('reach thirteen categories without meeting a command', () => {
    const many = Array.from({ length: 13 }, (_, index) => ({
      id: index,
      name: `c${index}`,
      colour: '#fff',
      hotkey: '',
    }))
    const keys = [...categoryHotkeys(many).values()]
    expect(new Set(keys).size).toBe(13)
    expect(COMMANDS.flatMap((command) => command.keys).filter((key) => keys.includes(key))).toEqual([])
  })
})
