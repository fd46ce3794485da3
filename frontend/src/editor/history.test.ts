/** What the page keeps of a sitting, and what it leaves to the server. */

import { expect, test } from 'vitest'
import { labelBox } from '../testing/desk'
import { History, type HistoryEntry } from './history'
import type { Step } from './scene/operations'

const step = (id: string): Step => {
  const before = labelBox(id)
  return { operation: { id, kind: 'accept', box: id }, before, after: { ...before, state: 'accepted' } }
}

const entry = (frame: number, steps = 1): HistoryEntry => ({
  frame,
  title: 'Accepted',
  selected: null,
  alongside: new Set(),
  steps: Array.from({ length: steps }, (_, index) => step(`${frame}-${index}`)),
})

/** Take back everything that is kept; the frames, last first. */
function takenBack(history: History): number[] {
  const frames: number[] = []
  for (let last = history.undoable; last; last = history.undoable) {
    frames.push(last.frame)
    history.markUndone(last.steps)
  }
  return frames
}

test('keeps the newest two thousand steps, however many were done', () => {
  const history = new History()
  for (let frame = 1; frame <= 5_000; frame += 1) history.push(entry(frame))
  const frames = takenBack(history)
  expect([frames.length, frames[0], frames.at(-1)]).toEqual([2_000, 5_000, 3_001])
})

test('keeps the last thing done whole, even if it is larger than that', () => {
  const history = new History()
  history.push(entry(1))
  history.push(entry(2, 3_000))
  expect(takenBack(history)).toEqual([2])
})

test('asks below what could not be undone, until new work lies over it', () => {
  const history = new History()
  const given = { ...entry(1), steps: [], recalled: [{ id: 'a' }, { id: 'b' }] } as unknown as HistoryEntry
  history.recall([given])
  expect(history.before).toBeNull()
  history.resolve(given, null)
  expect([history.undoable, history.before]).toEqual([null, 'a'])
  for (let frame = 1; frame <= 2_001; frame += 1) history.push(entry(frame))
  expect(history.before).toBeNull()
})
