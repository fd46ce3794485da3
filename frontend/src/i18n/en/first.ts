/** What Home and what surrounds every page say: it comes with the first script. */
import { common, counted, jobs, roles, session, shell } from './common'
import { home } from './home'

export const first = { common, counted, shell, roles, session, jobs, home }
