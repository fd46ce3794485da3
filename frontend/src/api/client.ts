/** The way to `/api/v1/`: session cookie, CSRF token, workspace, idempotency key; errors as `ApiError` or `OfflineError`. */
import { uuid } from '../editor/uuid'
import { ApiError, apiErrorOf, OfflineError } from './errors'
import { loginRenewed } from './session'
import { currentWorkspace } from './workspace'

export const API = '/api/v1'

export type Query = Record<string, string | number | boolean | readonly number[] | null | undefined>

export interface RequestOptions {
  query?: Query
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Keeps the request alive when the page goes away (at most 64 KiB of body). */
  keepalive?: boolean
  /** On 401: `ask` shows the login dialog and sends the request again afterwards; `throw` gives up at once. */
  login?: 'ask' | 'throw'
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Sends one request and returns its JSON (undefined for 204). */
export async function request<Result>(method: Method, path: string, options: RequestOptions = {}): Promise<Result> {
  const headers = requestHeaders(method, options)
  for (;;) {
    const response = await answer(method, path, options, headers)
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Result
    if (response.status !== 401 || options.login === 'throw') throw await apiErrorOf(response)
    await loginRenewed(options.signal)
  }
}

export const api = {
  get: <Result>(path: string, options?: RequestOptions) => request<Result>('GET', path, options),
  post: <Result>(path: string, body?: unknown, options?: RequestOptions) =>
    request<Result>('POST', path, { ...options, body }),
  put: <Result>(path: string, body: unknown, options?: RequestOptions) =>
    request<Result>('PUT', path, { ...options, body }),
  patch: <Result>(path: string, body: unknown, options?: RequestOptions) =>
    request<Result>('PATCH', path, { ...options, body }),
  delete: (path: string, options?: RequestOptions) => request<undefined>('DELETE', path, options),
}

/** `/drives/` + {page_size: 100} -> `/api/v1/drives/?page_size=100`; absolute URLs (`next` of a page) keep their path and query. */
export function apiUrl(path: string, query: Query = {}): string {
  const base = path.startsWith('http') ? relative(path) : path.startsWith(API) ? path : API + path
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text ? `${base}${base.includes('?') ? '&' : '?'}${text}` : base
}

/** The CSRF token that Django set as a cookie; read anew each time because a login rotates it. */
export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? ''
}

/** Headers that every request of the session carries. CSRF is added when it is sent, since a login changes it. */
function requestHeaders(method: Method, { body, headers }: RequestOptions): Record<string, string> {
  const workspace = currentWorkspace()
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(workspace ? { 'X-Workspace': workspace } : {}),
    ...(method === 'POST' ? { 'Idempotency-Key': uuid() } : {}),
    ...headers,
  }
}

async function answer(
  method: Method,
  path: string,
  { body, query, signal, keepalive }: RequestOptions,
  headers: Record<string, string>,
): Promise<Response> {
  try {
    return await fetch(apiUrl(path, query), {
      method,
      headers: method === 'GET' ? headers : { ...headers, 'X-CSRFToken': csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      // The browser keeps the last answer and asks with If-None-Match: polling costs a 304.
      cache: method === 'GET' ? 'no-cache' : 'no-store',
      keepalive,
      signal,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new OfflineError(error)
  }
}

function relative(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** Is it this error of the server? */
export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code)
}
