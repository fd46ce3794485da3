import { beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '../../../api/errors'
import { type TransferEvents, Uploads } from './uploads'

interface Opened extends TransferEvents {
  name: string
  calls: string[]
}

let opened: Opened[]
let uploads: Uploads

beforeEach(() => {
  opened = []
  uploads = new Uploads(async (file, _drive, events) => {
    const calls: string[] = []
    opened.push({ ...events, name: file.name, calls })
    return {
      start: () => void calls.push('start'),
      pause: async () => void calls.push('pause'),
      cancel: async () => void calls.push('cancel'),
    }
  })
})

function file(name: string, size = 10): File {
  return new File(['x'.repeat(size)], name, { lastModified: 1 })
}

function states(): Record<string, string> {
  return Object.fromEntries(uploads.store.getState().entries.map(({ name, state }) => [name, state]))
}

function keyNamed(name: string): string {
  const entry = uploads.store.getState().entries.find((other) => other.name === name)
  if (!entry) throw new Error(`No upload of ${name}`)
  return entry.key
}

async function started(count: number): Promise<void> {
  await vi.waitFor(() => expect(opened.filter(({ calls }) => calls.includes('start'))).toHaveLength(count))
}

test('two files travel at a time, the third when one has arrived', async () => {
  uploads.add(1, [file('a.mp4'), file('b.mp4'), file('c.mp4')])
  await started(2)
  expect(states()).toEqual({ 'a.mp4': 'uploading', 'b.mp4': 'uploading', 'c.mp4': 'queued' })
  opened[0]?.done()
  await started(3)
  expect(states()).toEqual({ 'a.mp4': 'done', 'b.mp4': 'uploading', 'c.mp4': 'uploading' })
})

test('a file on its way is not added twice to its drive, but may go to another', async () => {
  uploads.add(1, [file('a.mp4')])
  uploads.add(1, [file('a.mp4')])
  uploads.add(2, [file('a.mp4')])
  await started(2)
  expect(uploads.store.getState().entries.map(({ drive }) => drive)).toEqual([1, 2])
})

test('a failed file says why, and the rest goes on', async () => {
  uploads.add(1, [file('a.mp4'), file('b.mp4'), file('c.mp4')])
  await started(2)
  opened[0]?.failed(new ApiError(400, { code: 'empty_file', detail: "'a.mp4' is empty." }))
  await started(3)
  expect(uploads.store.getState().entries[0]).toMatchObject({ state: 'failed', problem: "'a.mp4' is empty." })
  expect(states()['c.mp4']).toBe('uploading')
})

test('a failed file can be tried again', async () => {
  uploads.add(1, [file('a.mp4')])
  await started(1)
  opened[0]?.failed(new Error('gone'))
  uploads.resume(keyNamed('a.mp4'))
  await vi.waitFor(() => expect(opened[0]?.calls).toEqual(['start', 'start']))
  expect(uploads.store.getState().entries[0]).toMatchObject({ state: 'uploading', problem: null })
})

test('a paused file gives its place to the next and goes on from the same transfer', async () => {
  uploads.add(1, [file('a.mp4'), file('b.mp4'), file('c.mp4')])
  await started(2)
  await uploads.pause(keyNamed('a.mp4'))
  await started(3)
  expect(states()).toEqual({ 'a.mp4': 'paused', 'b.mp4': 'uploading', 'c.mp4': 'uploading' })
  opened[1]?.done()
  uploads.resume(keyNamed('a.mp4'))
  await vi.waitFor(() => expect(opened[0]?.calls).toEqual(['start', 'pause', 'start']))
  expect(opened).toHaveLength(3)
})

test('a cancelled file leaves the list and the server', async () => {
  uploads.add(1, [file('a.mp4')])
  await started(1)
  await uploads.cancel(keyNamed('a.mp4'))
  expect(states()).toEqual({})
  expect(opened[0]?.calls).toEqual(['start', 'cancel'])
})

test('a file that cannot be opened has failed', async () => {
  uploads = new Uploads(() => Promise.reject(new Error('The file could not be read.')))
  uploads.add(1, [file('a.mp4')])
  await vi.waitFor(() => expect(states()).toEqual({ 'a.mp4': 'failed' }))
  expect(uploads.store.getState().entries[0]?.problem).toBe('The file could not be read.')
})

test('finished files leave the list on request; the others stay', async () => {
  uploads.add(1, [file('a.mp4'), file('b.mp4')])
  await started(2)
  opened[0]?.done()
  uploads.clearDone(1)
  expect(states()).toEqual({ 'b.mp4': 'uploading' })
})
