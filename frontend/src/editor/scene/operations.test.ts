import { describe, expect, test } from 'vitest'
import { labelBox, labelledFrame } from '../../testing/desk'
import type { LabelBox } from './label'
import { type Change, inverseOf, type Operation, replayed, stepOf, stillNeeded } from './operations'

const FRAME = labelledFrame([labelBox('a'), labelBox('b', { state: 'missed_candidate' })])
const operation = (change: Change, id = 'op'): Operation => ({ ...change, id }) as Operation
const boxAfter = (change: Change): LabelBox | undefined => {
  const id = 'box' in change ? change.box : ''
  return replayed(FRAME, [stepOf(FRAME, operation(change))]).boxes.find((box) => box.client_id === id)
}

const CHANGES: Change[] = [
  { kind: 'accept', box: 'a' },
  { kind: 'reject', box: 'a' },
  { kind: 'dismiss', box: 'b' },
  { kind: 'relabel', box: 'a', category: 12 },
  { kind: 'reshape', box: 'a', x: 1, y: 2, width: 3, height: 4 },
  { kind: 'flag', box: 'a', occluded: true },
]

describe('an operation', () => {
  test('decides', () => {
    expect(boxAfter({ kind: 'accept', box: 'b' })?.state).toBe('accepted')
    expect(boxAfter({ kind: 'reject', box: 'a' })?.state).toBe('rejected')
    expect(boxAfter({ kind: 'dismiss', box: 'b' })?.state).toBe('dismissed')
  })

  test('that corrects a proposal makes it edited', () => {
    expect(boxAfter({ kind: 'relabel', box: 'a', category: 12 })).toMatchObject({ category: 12, state: 'edited' })
    expect(boxAfter({ kind: 'reshape', box: 'b', x: 1, y: 2, width: 3, height: 4 })).toMatchObject({
      x: 1,
      height: 4,
      state: 'edited',
    })
  })

  test('sets the flags that it names and no other', () => {
    expect(boxAfter({ kind: 'flag', box: 'a', crowd: true })).toMatchObject({ crowd: true, occluded: false })
  })

  test('on a box that is not there changes nothing', () => {
    const step = stepOf(FRAME, operation({ kind: 'accept', box: 'nobody' }))
    expect(replayed(FRAME, [step])).toEqual(FRAME)
  })

  test.each(CHANGES)('$kind is taken back by its inverse, and done again by the inverse of that', (change) => {
    const step = stepOf(FRAME, operation(change))
    const undo = inverseOf(step, { id: 'undo' })
    const redo = inverseOf(undo, { id: 'redo' })
    expect(undo.operation).toMatchObject({ kind: 'undo', operation: 'op' })
    expect(redo.operation).toMatchObject({ kind: 'undo', operation: 'undo' })
    expect(replayed(FRAME, [step, undo])).toEqual(FRAME)
    expect(replayed(FRAME, [step, undo, redo])).toEqual(replayed(FRAME, [step]))
  })

  test('that drew a box is taken back by rejecting it: boxes are never deleted', () => {
    const step = stepOf(FRAME, operation({ kind: 'create', box: 'new', category: 11, x: 1, y: 2, width: 3, height: 4 }))
    const undone = replayed(FRAME, [step, inverseOf(step, { id: 'undo' })])
    expect(undone.boxes.at(-1)).toMatchObject({ client_id: 'new', state: 'rejected' })
  })

  test('finish and reopen undo each other', () => {
    const finish = stepOf(FRAME, operation({ kind: 'finish' }))
    const reopen = inverseOf(finish, { id: 'undo' })
    expect(replayed(FRAME, [finish]).frame.state).toBe('audited')
    expect(reopen.operation.kind).toBe('reopen')
    expect(inverseOf(reopen, { id: 'redo' }).operation.kind).toBe('finish')
  })

  test('applies to the box as somebody else left it', () => {
    const step = stepOf(FRAME, operation({ kind: 'accept', box: 'a' }))
    const theirs = labelledFrame([labelBox('a', { category: 13, x: 7 })])
    expect(replayed(theirs, [step]).boxes[0]).toMatchObject({ category: 13, x: 7, state: 'accepted' })
  })

  test('that both sides made is needed no more, one that differs is', () => {
    const accept = stepOf(FRAME, operation({ kind: 'accept', box: 'a' }, 'accept'))
    const reject = stepOf(FRAME, operation({ kind: 'reject', box: 'b' }, 'reject'))
    const finish = stepOf(FRAME, operation({ kind: 'finish' }, 'finish'))
    const theirs = labelledFrame([labelBox('a', { state: 'accepted' }), labelBox('b', { state: 'accepted' })])
    expect(stillNeeded(theirs, [accept, reject, finish])).toEqual([reject, finish])
  })
})
