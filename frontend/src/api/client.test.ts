// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from 'vitest'
import { answering, json, problem } from '../testing/server'
import { api, apiUrl } from './client'
import { ApiError, OfflineError } from './errors'
import { loginSucceeded, session } from './session'
import { chooseWorkspace } from './workspace'

afterEach(() => {
  vi.unstubAllGlobals()
  session.setState({ loginNeeded: false })
  chooseWorkspace(null)
})

async function failureOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => {
      throw new Error('The request was expected to fail.')
    },
    (error: unknown) => error,
  )
}

describe('a request', () => {
  test('carries the CSRF token, the workspace and an idempotency key when it writes', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: this is how Django hands the token over
    document.cookie = 'csrftoken=abc123'
    chooseWorkspace('north')
    const sent = answering(json({ id: 1 }))
    expect(await api.post('/drives/', { name: 'A9' })).toEqual({ id: 1 })
    expect(sent[0]?.url).toBe('/api/v1/drives/')
    expect(sent[0]?.headers.get('X-CSRFToken')).toBe('abc123')
    expect(sent[0]?.headers.get('X-Workspace')).toBe('north')
    expect(sent[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(sent[0]?.body).toEqual({ name: 'A9' })
  })

  test('that only reads carries no idempotency key', async () => {
    const sent = answering(json({}))
    await api.get('/me/')
    expect(sent[0]?.headers.has('Idempotency-Key')).toBe(false)
  })

  test('gives nothing for 204', async () => {
    answering(new Response(null, { status: 204 }))
    expect(await api.delete('/tokens/abc/')).toBeUndefined()
  })
})

describe('an error', () => {
  test('of the server keeps code, detail, fields and what else the problem holds', async () => {
    answering(problem(409, 'name_taken', { fields: { name: 'This name is taken.' }, by: 'Ada' }))
    const error = await failureOf(api.post('/drives/', {}))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      status: 409,
      code: 'name_taken',
      detail: 'It was name_taken.',
      fields: { name: 'This name is taken.' },
      body: { by: 'Ada' },
    })
  })

  test('whose body is no JSON still has a code and a sentence', async () => {
    answering(new Response('<h1>Bad Gateway</h1>', { status: 502 }))
    expect(await failureOf(api.get('/me/'))).toMatchObject({ code: 'http_502', detail: 'The server answered 502.' })
  })

  test('of the network is told from an answer', async () => {
    answering(new TypeError('Failed to fetch'))
    expect(await failureOf(api.get('/me/'))).toBeInstanceOf(OfflineError)
  })
})

describe('a lost session', () => {
  test('asks for a login and sends the same request again, with the new CSRF token', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: this is how Django hands the token over
    document.cookie = 'csrftoken=old'
    const sent = answering(problem(401, 'not_authenticated'), json({ id: 7 }))
    const request = api.post('/drives/', { name: 'A9' })
    await vi.waitFor(() => expect(session.getState().loginNeeded).toBe(true))
    // biome-ignore lint/suspicious/noDocumentCookie: a login rotates the token
    document.cookie = 'csrftoken=new'
    loginSucceeded()
    expect(await request).toEqual({ id: 7 })
    expect(sent[1]?.body).toEqual({ name: 'A9' })
    expect(sent[1]?.headers.get('X-CSRFToken')).toBe('new')
    expect(sent[1]?.headers.get('Idempotency-Key')).toBe(sent[0]?.headers.get('Idempotency-Key'))
  })

  test('is thrown where the caller says so, without a dialog', async () => {
    answering(problem(401, 'not_authenticated'))
    expect(await failureOf(api.get('/me/', { login: 'throw' }))).toMatchObject({ status: 401 })
    expect(session.getState().loginNeeded).toBe(false)
  })

  test('lets a request go that nobody wants any more', async () => {
    answering(problem(401, 'not_authenticated'))
    const stop = new AbortController()
    const request = failureOf(api.get('/me/', { signal: stop.signal }))
    await vi.waitFor(() => expect(session.getState().loginNeeded).toBe(true))
    stop.abort(new Error('left the page'))
    expect(await request).toMatchObject({ message: 'left the page' })
  })
})

describe('an address', () => {
  test('leaves out what is not set', () => {
    expect(apiUrl('/frames/', { drive: 3, state: null, ordering: undefined, category: '' })).toBe(
      '/api/v1/frames/?drive=3',
    )
  })

  test('of a next page keeps its path and query, whatever host the server believes in', () => {
    expect(apiUrl('http://web:8000/api/v1/frames/?cursor=cD0x&drive=3')).toBe('/api/v1/frames/?cursor=cD0x&drive=3')
  })
})
