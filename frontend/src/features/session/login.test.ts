// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { session } from '../../api/session'
import { answering, json } from '../../testing/server'
import { logIn } from './login'

afterEach(() => vi.unstubAllGlobals())

const CREDENTIALS = { email: 'ada@example.org', password: 'wrong' }

test('a refused login names the field that the server named', async () => {
  const refusal = { errors: [{ message: 'The password is not correct.', code: 'mismatch', param: 'password' }] }
  answering(json({}, 401), json(refusal, 400))
  await expect(logIn(CREDENTIALS)).rejects.toMatchObject({
    code: 'mismatch',
    fields: { password: 'The password is not correct.' },
  })
})

test('too many attempts are said in words', async () => {
  answering(json({}, 401), json({ errors: [{ message: 'Too many failed logins.', code: 'too_many' }] }, 429))
  await expect(logIn(CREDENTIALS)).rejects.toMatchObject({ detail: 'Too many failed logins.', fields: {} })
})

test('a login lets the waiting requests go on', async () => {
  session.setState({ loginNeeded: true })
  const sent = answering(json({}, 401), json({ status: 200 }))
  await logIn(CREDENTIALS)
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /_allauth/browser/v1/auth/session',
    'POST /_allauth/browser/v1/auth/login',
  ])
  expect(session.getState().loginNeeded).toBe(false)
})
