// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { Operation } from '../../../editor/scene/operations'
import { labelBox } from '../../../testing/desk'
import type { Answer } from '../saving/transport'
import { DeskApi } from './deskApi'

const OPERATIONS: Operation[] = [
  { id: 'one', kind: 'accept', box: 'a' },
  { id: 'two', kind: 'finish' },
]

const sent = (status: number, body: unknown): { fetch: ReturnType<typeof vi.fn>; answer: Promise<Answer> } => {
  const fetch = vi.fn<typeof globalThis.fetch>().mockResolvedValue(Response.json(body, { status }))
  vi.stubGlobal('fetch', fetch)
  return { fetch, answer: new DeskApi().send(7, 3, OPERATIONS) }
}

test('operations go with the version that they were made on', async () => {
  const { fetch, answer } = sent(200, { version: 4, frame: { id: 7, state: 'audited' }, boxes: [], applied: [] })
  expect(await answer).toEqual({ kind: 'confirmed', version: 4, state: 'audited', boxes: [] })
  const [url, init] = fetch.mock.calls[0] as [string, RequestInit]
  expect(url).toBe('/api/v1/frames/7/operations/')
  expect(init.headers).toMatchObject({ 'If-Match': '"3"' })
  expect(JSON.parse(String(init.body))).toEqual({ operations: OPERATIONS })
})

test('a changed frame comes with its current state', async () => {
  const current = { id: 7, name: 'f', width: 1, height: 1, state: 'in_audit', version: 9, boxes: [labelBox('a')] }
  expect(await sent(412, { code: 'frame_changed', current }).answer).toMatchObject({
    kind: 'changed',
    current: { frame: { id: 7, version: 9 }, boxes: [{ client_id: 'a' }] },
  })
})

test.each<[number, object, Answer]>([
  [401, {}, { kind: 'signed-out' }],
  [429, {}, { kind: 'unreachable' }],
  [502, {}, { kind: 'unreachable' }],
  [409, { code: 'lease_held', by: 'Ada' }, { kind: 'held', by: 'Ada' }],
  [409, { code: 'open_boxes', detail: '2 wait.' }, { kind: 'refused', reason: '2 wait.', index: 1 }],
  [403, { code: 'role_forbids', detail: 'No.' }, { kind: 'refused', reason: 'No.', index: null }],
  [
    400,
    { code: 'invalid_operation', detail: 'Bad.', fields: { 'operations.0.width': 'Too small.' } },
    { kind: 'refused', reason: 'Bad. Too small.', index: 0 },
  ],
])('%i %o', async (status, body, expected) => {
  expect(await sent(status, body).answer).toEqual(expected)
})

test('no network is not an error of the work', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('Failed to fetch')))
  expect(await new DeskApi().send(7, 3, OPERATIONS)).toEqual({ kind: 'unreachable' })
})
