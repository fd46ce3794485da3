/** English, complete: the shape that every other language fills. */
import { audit } from './audit'
import { common, counted, jobs, roles, session, shell } from './common'
import { comparisons } from './comparisons'
import { admin, datasets, fleet } from './datasets'
import { footage } from './footage'
import { grid } from './grid'
import { home } from './home'
import { evaluations, models } from './models'
import { risk } from './risk'
import { sideBySide } from './sideBySide'
import { track } from './track'
import { training } from './training'

export const en = {
  common,
  counted,
  shell,
  roles,
  session,
  jobs,
  home,
  footage,
  audit,
  grid,
  track,
  datasets,
  models,
  evaluations,
  risk,
  training,
  comparisons,
  sideBySide,
  fleet,
  admin,
}
