import { expect, test } from 'vitest'
import type { Job, JobState } from '../../api/types'
import { BUSY_MS, finishedSince, IDLE_MS, pollInterval, progressOf } from './polling'

function job(id: string, state: JobState): Job {
  return { id, state } as Job
}

test.each<[JobState[], number]>([
  [[], IDLE_MS],
  [['succeeded', 'failed', 'cancelled'], IDLE_MS],
  [['succeeded', 'queued'], BUSY_MS],
  [['running'], BUSY_MS],
])('jobs in %j are asked for every %d ms', (states, interval) => {
  expect(pollInterval(states.map((state) => job(state, state)))).toBe(interval)
})

test('nothing known yet is asked for slowly', () => {
  expect(pollInterval(undefined)).toBe(IDLE_MS)
})

test.each<[JobState, number, number | null, number | null]>([
  ['running', 5, 20, 0.25],
  ['running', 25, 20, 1],
  ['running', 5, null, null],
  ['running', 0, 0, null],
  ['succeeded', 0, null, 1],
])('%s with %j of %j is at %j', (state, done, total, progress) => {
  expect(progressOf({ state, done, total })).toBe(progress)
})

test('a job that left the active ones has finished; one that only began to run has not', () => {
  const before = [job('a', 'running'), job('b', 'queued'), job('c', 'running')]
  const after = [job('b', 'running'), job('c', 'succeeded')]
  expect(finishedSince(before, after)).toEqual(['a', 'c'])
})
