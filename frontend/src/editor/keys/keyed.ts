/** Everything whose keys a person can set. */

import { COMMANDS } from '../commands/registry'
import { GRID_KEYED } from './gridKeys'
import type { Keyed } from './ownKeys'
import { TRACK_KEYED } from './trackKeys'

export const KEYED: readonly Keyed[] = [...COMMANDS, ...GRID_KEYED, ...TRACK_KEYED]
