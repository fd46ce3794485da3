/** Log in and out through allauth's browser API. Its answers have a shape of their own. */
import { csrfToken } from '../../api/client'
import { ApiError, OfflineError } from '../../api/errors'
import { loginSucceeded } from '../../api/session'

const BASE = '/_allauth/browser/v1/auth'

interface AllauthError {
  message: string
  code: string
  param?: string
}

export interface Credentials {
  email: string
  password: string
}

/** Starts a session.
 *
 * Raises ApiError with the server's message by field, or OfflineError.
 */
export async function logIn(credentials: Credentials): Promise<void> {
  await send('GET', '/session') // sets the CSRF cookie, also where the page came from a cache
  const response = await send('POST', '/login', credentials)
  // 409: somebody is logged in already, in another tab.
  if (!response.ok && response.status !== 409) throw await loginError(response)
  loginSucceeded()
}

/** Ends the session and leaves nothing of it in memory. */
export async function logOut(): Promise<void> {
  await send('DELETE', '/session') // answers 401: there is no session any more
  window.location.assign('/login')
}

async function send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Credentials): Promise<Response> {
  try {
    return await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(method === 'GET' ? {} : { 'X-CSRFToken': csrfToken() }),
      },
      body: body && JSON.stringify(body),
    })
  } catch (error) {
    throw new OfflineError(error)
  }
}

/** `{errors: [{message, param}]}` -> the page's one shape of errors. */
export async function loginError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as { errors?: AllauthError[] }
  const errors = body.errors ?? []
  const fields = Object.fromEntries(errors.flatMap(({ param, message }) => (param ? [[param, message]] : [])))
  const detail = errors.find(({ param }) => !param)?.message ?? errors[0]?.message
  return new ApiError(response.status, { code: errors[0]?.code, detail, fields })
}
