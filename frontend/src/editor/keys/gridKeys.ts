/** What only the category grid has keys for; accepting, rejecting, relabelling and undoing are the desk's own commands. */

import type { Keyed } from './ownKeys'

export const GRID_MOVE: Keyed = {
  id: 'grid-move',
  title: 'Go to another crop',
  group: 'Grid',
  scope: 'grid',
  directed: true,
  keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'],
}

export const GRID_MINE: Keyed = {
  id: 'grid-mine',
  title: 'After a conflict: mine again',
  group: 'Grid',
  scope: 'grid.conflict',
  keys: ['Mod+Enter'],
}

export const GRID_THEIRS: Keyed = {
  id: 'grid-theirs',
  title: 'After a conflict: take theirs',
  group: 'Grid',
  scope: 'grid.conflict',
  keys: ['Mod+Backspace'],
}

export const GRID_KEYED: readonly Keyed[] = [GRID_MOVE, GRID_MINE, GRID_THEIRS]
