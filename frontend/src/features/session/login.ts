/** Log in, by one step or two, and out. */
import { loginSucceeded } from '../../api/session'
import { allauthError, type Body, send } from './allauth'

export interface Credentials {
  email: string
  password: string
}

export interface Provider {
  id: string
  name: string
}

/** Starts a session; `code` when the second step is still to come.
 *
 * Raises ApiError with the server's message by field, or OfflineError.
 */
export async function logIn(credentials: Credentials): Promise<'in' | 'code'> {
  await send('GET', '/auth/session') // sets the CSRF cookie, also where the page came from a cache
  return entered(await send('POST', '/auth/login', credentials))
}

/** The second step: a code of the app, or a recovery code. */
export async function sendCode(code: string): Promise<'in' | 'code'> {
  return entered(await send('POST', '/auth/2fa/authenticate', { code: code.replaceAll(' ', '') }))
}

/** Where a login stands that began elsewhere, as at the company's provider. */
export async function loginState(): Promise<'in' | 'code' | 'out'> {
  const response = await send('GET', '/auth/session')
  if (response.ok) return 'in'
  return waitsForCode((await response.json().catch(() => ({}))) as Body) ? 'code' : 'out'
}

/** The company's own provider, where this installation has one. */
export async function providers(): Promise<Provider[]> {
  const response = await send('GET', '/config')
  if (!response.ok) return []
  const body = (await response.json()) as Body<{ socialaccount?: { providers: Provider[] } }>
  return body.data?.socialaccount?.providers ?? []
}

/** Ends the session and leaves nothing of it in memory. */
export async function logOut(): Promise<void> {
  await send('DELETE', '/auth/session') // answers 401: there is no session any more
  window.location.assign('/login')
}

async function entered(response: Response): Promise<'in' | 'code'> {
  if (response.status === 401 && waitsForCode((await response.clone().json()) as Body)) return 'code'
  // 409: somebody is logged in already, in another tab.
  if (!response.ok && response.status !== 409) throw await allauthError(response)
  loginSucceeded()
  return 'in'
}

function waitsForCode(body: Body): boolean {
  return body.data?.flows?.some(({ id, is_pending }) => id === 'mfa_authenticate' && is_pending) ?? false
}
