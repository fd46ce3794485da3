/** All pages. Each feature is its own chunk; who is not logged in comes by the login page and returns. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { api } from '../api/client'
import { ApiError } from '../api/errors'
import { meQuery } from '../api/me'
import type { Me } from '../api/types'
import { controlSearch } from '../features/control/search'
import { compareSearch, evaluationSearch } from '../features/evaluations/search'
import { exploreSearch } from '../features/explore/search'
import { fleetSearch } from '../features/fleet/search'
import { reviewSearch } from '../features/review/search'
import { roomWords } from '../i18n'
import { NotFound } from './NotFound'
import { queryClient } from './queryClient'
import { RouteError } from './RouteError'
import { RoutePending } from './RoutePending'
import { Shell } from './Shell'

interface LoginSearch {
  next?: string
  /** Why a login by the company's provider ended here. */
  error?: string
}

interface AuditSearch {
  drive?: number
  category?: number
  light?: 'day' | 'night'
  frame?: number
  /** Frames that no model has labelled. */
  state?: 'new'
  /** Frames of this saved question alone. */
  slice?: number
  /** In the grid: candidates of missed objects instead of a category. */
  missed?: true
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteError })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: ({ next, error }: Record<string, unknown>): LoginSearch => ({
    // Only paths of this page: an address in a link must not lead elsewhere after the login.
    ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}),
    ...(typeof error === 'string' ? { error } : {}),
  }),
  component: lazyRouteComponent(() => import('../features/session/LoginPage'), 'LoginPage'),
})

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: room(() => import('../features/session/JoinPage'), 'JoinPage'),
})

const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData({
        ...meQuery,
        queryFn: () => api.get<Me>('/me/', { login: 'throw' }),
      })
      if (me.second_factor_needed && location.pathname !== '/account') throw redirect({ to: '/account' })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } })
      throw error
    }
  },
  component: Outlet,
  errorComponent: RouteError,
})

const shell = createRoute({ getParentRoute: () => member, id: 'shell', component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/HomePage'), 'HomePage'),
})

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/dashboard',
  component: room(() => import('../features/dashboard/DashboardPage'), 'DashboardPage'),
})

const digest = createRoute({
  getParentRoute: () => shell,
  path: '/dashboard/digest',
  component: room(() => import('../features/dashboard/DigestPage'), 'DigestPage'),
})

const drives = createRoute({
  getParentRoute: () => shell,
  path: '/drives',
  component: room(() => import('../features/footage/DrivesPage'), 'DrivesPage'),
})

const drive = createRoute({
  getParentRoute: () => shell,
  path: '/drives/$driveId',
  component: room(() => import('../features/footage/DrivePage'), 'DrivePage'),
})

const labelImport = createRoute({
  getParentRoute: () => shell,
  path: '/drives/$driveId/imports/$importId',
  component: room(() => import('../features/exchange/ImportPage'), 'ImportPage'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: auditSearch,
  component: room(() => import('../features/audit/routes'), 'AuditPage'),
})

const grid = createRoute({
  getParentRoute: () => shell,
  path: '/audit/grid',
  validateSearch: auditSearch,
  component: room(() => import('../features/audit/routes'), 'GridPage'),
})

const track = createRoute({
  getParentRoute: () => shell,
  path: '/audit/track',
  validateSearch: ({ drive, track: id }: Record<string, unknown>) => ({
    ...whole('drive', drive),
    ...whole('track', id),
  }),
  component: room(() => import('../features/audit/routes'), 'TrackPage'),
})

/** Without the shell: the desk needs the whole screen and has a bar of its own. */
const desk = createRoute({
  getParentRoute: () => member,
  path: '/audit/desk',
  validateSearch: auditSearch,
  component: room(() => import('../features/audit/routes'), 'DeskPage'),
})

const review = createRoute({
  getParentRoute: () => shell,
  path: '/audit/review',
  validateSearch: reviewSearch,
  component: room(() => import('../features/review/ReviewPage'), 'ReviewPage'),
})

const team = createRoute({
  getParentRoute: () => shell,
  path: '/audit/team',
  component: room(() => import('../features/team/TeamPage'), 'TeamPage'),
})

const adjudicate = createRoute({
  getParentRoute: () => shell,
  path: '/audit/adjudicate',
  component: room(() => import('../features/consensus/AdjudicatePage'), 'AdjudicatePage'),
})

const decisions = createRoute({
  getParentRoute: () => shell,
  path: '/audit/team/decisions',
  validateSearch: ({ user, days }: Record<string, unknown>): { user?: number; days?: number } => ({
    ...whole('user', user),
    ...whole('days', days),
  }),
  component: room(() => import('../features/team/DecisionsPage'), 'DecisionsPage'),
})

const explore = createRoute({
  getParentRoute: () => shell,
  path: '/explore',
  validateSearch: exploreSearch,
  component: room(() => import('../features/explore/ExplorePage'), 'ExplorePage'),
})

const datasets = createRoute({
  getParentRoute: () => shell,
  path: '/datasets',
  component: room(() => import('../features/datasets/DatasetsPage'), 'DatasetsPage'),
})

const dataset = createRoute({
  getParentRoute: () => shell,
  path: '/datasets/$datasetId',
  component: room(() => import('../features/datasets/DatasetPage'), 'DatasetPage'),
})

const version = createRoute({
  getParentRoute: () => shell,
  path: '/datasets/$datasetId/versions/$versionId',
  component: room(() => import('../features/datasets/VersionPage'), 'VersionPage'),
})

const training = createRoute({
  getParentRoute: () => shell,
  path: '/training',
  component: room(() => import('../features/training/TrainingPage'), 'TrainingPage'),
})

const newRun = createRoute({
  getParentRoute: () => shell,
  path: '/training/new',
  validateSearch: launchSearch,
  component: room(() => import('../features/training/LaunchPage'), 'LaunchPage'),
})

const comparedRuns = createRoute({
  getParentRoute: () => shell,
  path: '/training/compare',
  validateSearch: compareSearch,
  component: room(() => import('../features/training/CompareRunsPage'), 'CompareRunsPage'),
})

const newComparison = createRoute({
  getParentRoute: () => shell,
  path: '/training/comparisons/new',
  component: room(() => import('../features/comparisons/NewComparisonPage'), 'NewComparisonPage'),
})

const methodComparison = createRoute({
  getParentRoute: () => shell,
  path: '/training/comparisons/$comparisonId',
  component: room(() => import('../features/comparisons/ComparisonPage'), 'ComparisonPage'),
})

const run = createRoute({
  getParentRoute: () => shell,
  path: '/training/$runId',
  component: room(() => import('../features/training/RunPage'), 'RunPage'),
})

const sideBySide = createRoute({
  getParentRoute: () => shell,
  path: '/training/$runId/frames',
  component: room(() => import('../features/sidebyside/SideBySidePage'), 'SideBySidePage'),
})

const models = createRoute({
  getParentRoute: () => shell,
  path: '/models',
  component: room(() => import('../features/models/ModelsPage'), 'ModelsPage'),
})

const modelsForDevices = createRoute({
  getParentRoute: () => shell,
  path: '/models/edge',
  component: room(() => import('../features/edge/EdgePage'), 'EdgePage'),
})
const model = createRoute({
  getParentRoute: () => shell,
  path: '/models/$modelId',
  component: room(() => import('../features/models/ModelPage'), 'ModelPage'),
})

const risk = createRoute({
  getParentRoute: () => shell,
  path: '/models/risk',
  component: room(() => import('../features/risk/RiskPage'), 'RiskPage'),
})

const evaluations = createRoute({
  getParentRoute: () => shell,
  path: '/models/evaluations',
  component: room(() => import('../features/evaluations/EvaluationsPage'), 'EvaluationsPage'),
})

const comparison = createRoute({
  getParentRoute: () => shell,
  path: '/models/evaluations/compare',
  validateSearch: compareSearch,
  component: room(() => import('../features/evaluations/ComparePage'), 'ComparePage'),
})

const evaluation = createRoute({
  getParentRoute: () => shell,
  path: '/models/evaluations/$evaluationId',
  validateSearch: evaluationSearch,
  component: room(() => import('../features/evaluations/EvaluationPage'), 'EvaluationPage'),
})

const fleet = createRoute({
  getParentRoute: () => shell,
  path: '/fleet',
  validateSearch: fleetSearch,
  component: room(() => import('../features/fleet/FleetPage'), 'FleetPage'),
})

const device = createRoute({
  getParentRoute: () => shell,
  path: '/fleet/$deviceId',
  component: room(() => import('../features/fleet/DevicePage'), 'DevicePage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: room(() => import('../features/account/AccountPage'), 'AccountPage'),
})

const admin = createRoute({
  getParentRoute: () => shell,
  path: '/admin',
  component: room(() => import('../features/admin/AdminPage'), 'AdminPage'),
})

const control = createRoute({
  getParentRoute: () => shell,
  path: '/admin/control',
  validateSearch: controlSearch,
  component: room(() => import('../features/control/ControlPage'), 'ControlPage'),
})

const tokens = createRoute({
  getParentRoute: () => shell,
  path: '/admin/tokens',
  component: room(() => import('../features/admin/TokensPage'), 'TokensPage'),
})

const taxonomies = createRoute({
  getParentRoute: () => shell,
  path: '/admin/taxonomies',
  component: room(() => import('../features/admin/TaxonomiesPage'), 'TaxonomiesPage'),
})

const jobs = createRoute({
  getParentRoute: () => shell,
  path: '/jobs',
  component: room(() => import('../features/jobs/JobsPage'), 'JobsPage'),
})

/** Inside the shell, so that the way out is in sight. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

const pages = [
  nowhere,
  home,
  dashboard,
  digest,
  drives,
  drive,
  labelImport,
  audit,
  grid,
  review,
  track,
  team,
  decisions,
  adjudicate,
  explore,
  datasets,
  dataset,
  version,
  training,
  newRun,
  comparedRuns,
  newComparison,
  methodComparison,
  run,
  sideBySide,
  models,
  modelsForDevices,
  model,
  risk,
  evaluations,
  comparison,
  evaluation,
  fleet,
  device,
  account,
  admin,
  control,
  tokens,
  taxonomies,
  jobs,
]

export const router = createRouter({
  routeTree: root.addChildren([login, join, member.addChildren([shell.addChildren(pages), desk])]),
  defaultPreload: 'intent',
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function auditSearch({ drive, category, light, frame, state, missed, slice }: Record<string, unknown>): AuditSearch {
  const blank: AuditSearch = state === 'new' ? { state } : {}
  const missing: AuditSearch = missed === true ? { missed } : {}
  const dayOrNight: AuditSearch = light === 'day' || light === 'night' ? { light } : {}
  const numbers = { ...whole('drive', drive), ...whole('category', category), ...whole('frame', frame) }
  return { ...numbers, ...whole('slice', slice), ...dayOrNight, ...blank, ...missing }
}

/** The run to clone, and the model to begin from. */
function launchSearch({ from, init }: Record<string, unknown>): { from?: number; init?: number } {
  return { ...whole('from', from), ...whole('init', init) }
}

/** A page and its words, which come at once: it is never drawn without them. */
function room<Module extends Record<string, unknown>, Name extends string & keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(async () => (await Promise.all([load(), roomWords()]))[0], name)
}

/** `{name: value}` when the value is a positive whole number. */
function whole<Name extends string>(name: Name, value: unknown): Partial<Record<Name, number>> {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? ({ [name]: number } as Record<Name, number>) : {}
}
