/** Keys that hands know from elsewhere. A profile names only what differs from the product's own keys. */

export type Profile = 'default' | 'cvat' | 'label-studio'

type Chords = Readonly<Record<string, readonly string[]>>

/** CVAT keeps E, R and K for key frames, relabels by Ctrl+digit and deletes by Del. */
const CVAT: Chords = {
  reject: ['Delete', 'Backspace', 'x'],
  relabel: ['Mod+Category'],
  'draw-category': ['Mod+Category'],
  'relabel-stay': ['Mod+Shift+Category'],
  'edit-box': ['Shift+e'],
  'flag-occluded': ['q'],
  unsure: ['Shift+q'],
  'flag-crowd': ['Shift+k'],
  'track-to-key': ['e', 'r'],
}

/** Label Studio submits by Ctrl+Enter, skips by Ctrl+Space, draws by R, pans by H and steps by Alt with arrows. */
const LABEL_STUDIO: Chords = {
  accept: ['Mod+Enter', 'Enter'],
  reject: ['Backspace', 'Delete', 'x'],
  'skip-frame': ['Mod+Space', 's'],
  'draw-box': ['r', 'n'],
  'next-box': ['Alt+.', 'Tab'],
  'previous-box': ['Alt+,', 'Shift+Tab'],
  'next-frame': ['Alt+ArrowRight', 'f'],
  'previous-frame': ['Alt+ArrowLeft', 'd'],
  stretch: ['Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight', 'Alt+Shift+ArrowUp', 'Alt+Shift+ArrowDown'],
  'hide-boxes': ['Alt+h'],
  hand: ['Space', 'h'],
  'zoom-in': ['Mod+=', 'Mod++', '.', '+'],
  'zoom-out': ['Mod+-', ',', '-'],
}

export const PROFILES: Readonly<Record<Profile, Chords>> = { default: {}, cvat: CVAT, 'label-studio': LABEL_STUDIO }

export const PROFILE_NAMES = Object.keys(PROFILES) as readonly Profile[]
