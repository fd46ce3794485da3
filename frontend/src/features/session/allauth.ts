/** The way to allauth's browser API: login, second step, password, sessions. Its answers have a shape of their own. */
import i18next from 'i18next'
import { createStore } from 'zustand/vanilla'
import { csrfToken } from '../../api/client'
import { ApiError, OfflineError } from '../../api/errors'
import { loginRenewed } from '../../api/session'

const BASE = '/_allauth/browser/v1'

type Method = 'GET' | 'POST' | 'DELETE'

/** What would go on: `mfa_authenticate` while a code is waited for, `reauthenticate` by password. */
export interface Flow {
  id: string
  is_pending?: boolean
}

export interface Body<Data = unknown> {
  status: number
  data?: Data & { flows?: Flow[] }
  meta?: Record<string, unknown>
  errors?: { message: string; code: string; param?: string }[]
}

interface Question {
  /** The ways to prove who one is; null while nothing is asked. */
  flows: Flow[] | null
  answer: (proved: boolean) => void
}

/** An act that asks who is there once more waits here; `ReauthenticateDialog` shows it. */
export const question = createStore<Question>(() => ({ flows: null, answer: () => undefined }))

/** Sends one request. An act that needs the person to prove who they are asks for it and is sent again.
 *
 * Raises ApiError (`cancelled` where the person turned away), or OfflineError.
 */
export async function allauth<Data>(method: Method, path: string, body?: unknown): Promise<Body<Data>> {
  for (;;) {
    const response = await send(method, path, body)
    if (response.status !== 401) return read<Data>(response)
    const { meta, data } = (await response.json()) as Body
    if (!meta?.is_authenticated) await loginRenewed()
    else if (!(await proved(data?.flows ?? []))) throw new ApiError(401, { code: 'cancelled' })
  }
}

export async function send(method: Method, path: string, body?: unknown): Promise<Response> {
  try {
    return await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(method === 'GET' ? {} : { 'X-CSRFToken': csrfToken() }),
      },
      body: body ? JSON.stringify(body) : undefined,
    })
  } catch (error) {
    throw new OfflineError(error)
  }
}

/** `{errors: [{message, param}]}` -> the page's one shape of errors, in the person's language where it has the words. */
export async function allauthError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Body
  const errors = (body.errors ?? []).map((error) => ({ ...error, message: inWords(error.code, error.message) }))
  const fields = Object.fromEntries(errors.flatMap(({ param, message }) => (param ? [[param, message]] : [])))
  const first = errors.find(({ param }) => !param) ?? errors[0]
  const slow = response.status === 429
  const code = first?.code ?? (slow ? 'too_many_requests' : undefined)
  return new ApiError(response.status, { code, detail: first?.message ?? (slow ? inWords(code) : undefined), fields })
}

/** A 404 is an answer here: there is no second step yet, and its body says how to set one up. */
async function read<Data>(response: Response): Promise<Body<Data>> {
  if (!response.ok && response.status !== 404) throw await allauthError(response)
  return (await response.json()) as Body<Data>
}

function proved(flows: Flow[]): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (given: boolean) => {
      question.setState({ flows: null })
      resolve(given)
    }
    question.setState({ flows, answer })
  })
}

function inWords(code = '', message?: string): string | undefined {
  const key = `session.said.${code}`
  return i18next.exists(key) ? String(i18next.t(key as 'session.said.incorrect_code')) : message
}
