/** Chinese: one file a block, as in English; a block that is missing falls back to it. */
import { audit } from './audit'
import { commandGroups, commands } from './commands'
import { common, jobs, roles, session, shell } from './common'
import { consensus } from './consensus'
import { dashboard } from './dashboard'
import { edge } from './edge'
import { exchange } from './exchange'
import { fleet } from './fleet'
import { grid } from './grid'
import { keys } from './keys'
import { missed } from './missed'
import { proof } from './proof'
import { review } from './review'
import { risk } from './risk'
import { team } from './team'
import { track } from './track'
import { versions } from './versions'
import { view } from './view'

export const zh = {
  audit,
  commandGroups,
  commands,
  common,
  consensus,
  dashboard,
  edge,
  exchange,
  fleet,
  grid,
  jobs,
  keys,
  missed,
  proof,
  review,
  risk,
  roles,
  session,
  shell,
  team,
  track,
  versions,
  view,
}
