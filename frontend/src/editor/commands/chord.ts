/**
 * Chords: how a key press is written. "x", "Shift+Enter", "Mod+Shift+z", "Alt+ArrowLeft", "?", "1".
 *
 * Digits go by their place on the keyboard, so that Shift+1 is not "!"; letters by what the layout says they are.
 * Shift is not written for signs that need it ("?"). Mod is Control, or Command on a Mac.
 */

export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

export function chordOf(press: KeyPress): string {
  const key = keyName(press)
  const sign = key.length === 1 && !/[a-z0-9]/.test(key)
  const mods = [
    (press.ctrlKey || press.metaKey) && 'Mod',
    press.altKey && 'Alt',
    press.shiftKey && !sign && 'Shift',
  ].filter(Boolean)
  return [...mods, key].join('+')
}

function keyName({ key, code, altKey }: KeyPress): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  if (digit !== undefined) return digit
  // With Alt a Mac types another sign; the key's place still tells the letter.
  const letter = altKey ? /^Key([A-Z])$/.exec(code)?.[1] : undefined
  if (letter !== undefined) return letter.toLowerCase()
  if (key === ' ') return 'Space'
  return key.length === 1 ? key.toLowerCase() : key
}

/** A chord that types a character: what WCAG 2.1.4 asks to be able to switch off. */
export const isSingleKey = (chord: string): boolean => /^(Shift\+)?.$/.test(chord)

/** Chords that browsers keep for themselves: a page never hears of them. */
const BROWSERS = new Set([
  'Mod+n',
  'Mod+t',
  'Mod+w',
  'Mod+Shift+n',
  'Mod+Shift+t',
  'Mod+Shift+w',
  'Mod+Tab',
  'Mod+Shift+Tab',
  'F11',
])

export const isBrowsers = (chord: string): boolean => BROWSERS.has(chord)

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The direction of an arrow chord, in steps of one; [0, 0] for any other. */
export const arrowOf = (chord: string): readonly [number, number] => ARROWS[chord.split('+').at(-1) ?? ''] ?? [0, 0]

const SIGNS: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
}

/** "Ctrl+Shift+Z", as it stands on a key cap. */
export const spoken = (chord: string): string =>
  chord === '+'
    ? '+'
    : chord
        .split('+')
        .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
        .join('+')

/** As `aria-keyshortcuts` wants it. */
export const ariaChord = (chord: string): string => chord.replace('Mod', 'Control').replace(/^\+$/, 'Plus')
