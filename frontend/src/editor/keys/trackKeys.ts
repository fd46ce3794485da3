/** What only track mode has keys for; deciding, editing, stepping by frames and undoing are the desk's own commands. */

import type { Keyed } from './ownKeys'

export const TRACK_FRAME: Keyed = {
  id: 'track-frame',
  title: 'Go to another frame of the track',
  group: 'Tracks',
  scope: 'track',
  directed: true,
  keys: ['ArrowLeft', 'ArrowRight', 'Home', 'End'],
}

export const TRACK_STEP: Keyed = {
  id: 'track-step',
  title: 'Go to another track',
  group: 'Tracks',
  scope: 'track',
  directed: true,
  keys: ['ArrowUp', 'ArrowDown'],
}

export const TRACK_KEY: Keyed = {
  id: 'track-key',
  title: 'Make this frame a key frame, or none',
  group: 'Tracks',
  scope: 'track',
  keys: ['k'],
}

export const TRACK_TO_KEY: Keyed = {
  id: 'track-to-key',
  title: 'Go to another key frame',
  group: 'Tracks',
  scope: 'track',
  directed: true,
  keys: ['[', ']'],
}

export const TRACK_SPLIT: Keyed = {
  id: 'track-split',
  title: 'Split the track here',
  group: 'Tracks',
  scope: 'track',
  keys: ['Alt+m'],
}

export const TRACK_MERGE: Keyed = {
  id: 'track-merge',
  title: 'Merge with another track',
  group: 'Tracks',
  scope: 'track',
  keys: ['m'],
}

export const TRACK_KEYED: readonly Keyed[] = [
  TRACK_FRAME,
  TRACK_STEP,
  TRACK_KEY,
  TRACK_TO_KEY,
  TRACK_SPLIT,
  TRACK_MERGE,
]
