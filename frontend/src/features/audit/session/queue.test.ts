import { describe, expect, test } from 'vitest'
import { labelledFrame } from '../../../testing/desk'
import { ahead, changed, EMPTY_QUEUE, extended, neighbour, outgrown, type QueuedFrame, without } from './queue'

const queued = (id: number, status: QueuedFrame['status'] = 'open'): QueuedFrame => ({
  id,
  name: `frame ${id}`,
  drive: 1,
  driveName: 'drive',
  taxonomy: 1,
  risk: 0.5,
  model: null,
  next: null,
  confirmed: labelledFrame([], id),
  status,
})
const ids = (frames: readonly { id: number }[]): number[] => frames.map(({ id }) => id)

describe('the queue', () => {
  const queue = {
    ...extended(
      EMPTY_QUEUE,
      [1, 2, 3, 4].map((id) => queued(id)),
    ),
    current: 2,
  }

  test('is extended without doubles and without moving what is there', () => {
    expect(ids(extended(queue, [queued(3), queued(9)]).frames)).toEqual([1, 2, 3, 4, 9])
  })

  test('goes on to what is open ahead, then to what was left behind', () => {
    expect(ids(ahead(queue))).toEqual([3, 4, 1])
    expect(ids(ahead(changed(queue, 3, { status: 'done' })))).toEqual([4, 1])
  })

  test('steps to the neighbour even when that is done', () => {
    expect(neighbour(changed(queue, 1, { status: 'done' }), -1)?.id).toBe(1)
    expect(neighbour({ ...queue, current: 4 }, 1)).toBeNull()
  })

  test('lets frames go that others have, but not the one on the stage', () => {
    expect(ids(without(queue, new Set([2, 3])).frames)).toEqual([1, 2, 4])
  })

  test('forgets finished frames far behind, and keeps open ones', () => {
    const many = Array.from({ length: 60 }, (_, index) => queued(index + 1, index === 4 ? 'open' : 'done'))
    const old = outgrown({ frames: many, current: 60 })
    expect(old.size).toBe(18)
    expect(old.has(5)).toBe(false)
  })
})
