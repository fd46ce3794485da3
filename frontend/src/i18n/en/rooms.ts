/** What all other rooms say: it comes with the first of them. */
import { account } from './account'
import { audit } from './audit'
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

export const rooms = {
  account,
  people,
  dashboard,
  footage,
  exchange,
  audit,
  view,
  grid,
  keys,
  review,
  track,
  team,
  proof,
  consensus,
  missed,
  explore,
  datasets,
  versions,
  models,
  evaluations,
  risk,
  training,
  comparisons,
  sideBySide,
  fleet,
  edge,
  admin,
  control,
  digest,
  ledger,
  taxonomy,
}
