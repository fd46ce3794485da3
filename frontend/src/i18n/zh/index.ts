/** Chinese: one file a block, as in English; a block that is missing falls back to it. */
import { account } from './account'
import { audit } from './audit'
import { commandGroups, commands } from './commands'
import { common, counted, jobs, roles, session, shell } from './common'
import { comparisons } from './comparisons'
import { consensus } from './consensus'
import { control } from './control'
import { dashboard } from './dashboard'
import { admin, datasets } from './datasets'
import { edge } from './edge'
import { exchange } from './exchange'
import { explore } from './explore'
import { fleet } from './fleet'
import { footage } from './footage'
import { grid } from './grid'
import { home } from './home'
import { keys } from './keys'
import { digest, ledger, taxonomy } from './ledger'
import { missed } from './missed'
import { evaluations, models } from './models'
import { people } from './people'
import { proof } from './proof'
import { review } from './review'
import { risk } from './risk'
import { sideBySide } from './sideBySide'
import { team } from './team'
import { track } from './track'
import { training } from './training'
import { versions } from './versions'
import { view } from './view'

export const zh = {
  account,
  admin,
  people,
  audit,
  commandGroups,
  commands,
  common,
  comparisons,
  consensus,
  control,
  counted,
  dashboard,
  datasets,
  digest,
  edge,
  evaluations,
  exchange,
  explore,
  fleet,
  footage,
  grid,
  home,
  jobs,
  keys,
  ledger,
  missed,
  models,
  proof,
  review,
  risk,
  roles,
  session,
  shell,
  sideBySide,
  taxonomy,
  team,
  track,
  training,
  versions,
  view,
}
