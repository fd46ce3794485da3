import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LabelledFrame } from '../../../editor/scene/label'
import { type Change, type Operation, type Step, stepOf } from '../../../editor/scene/operations'
import { labelBox, labelledFrame } from '../../../testing/desk'
import { MemoryJournal } from './journal'
import { Outbox, type OutboxEvents } from './outbox'
import type { Answer, Transport } from './transport'

const FRAME = labelledFrame([labelBox('a'), labelBox('b')])
let made = 0
const step = (change: Change = { kind: 'accept', box: 'a' }): Step => {
  made += 1
  return stepOf(FRAME, { ...change, id: `op${made}` } as Operation)
}

interface Request {
  frame: number
  version: number
  ids: string[]
}

/** A server that answers as it is told; without orders it confirms, counting versions. */
class FakeServer implements Transport {
  readonly requests: Request[] = []
  readonly orders: (Answer | ((request: Request) => Answer))[] = []
  private hold: Promise<void> | null = null

  async send(frame: number, version: number, operations: readonly Operation[]): Promise<Answer> {
    const request = { frame, version, ids: operations.map(({ id }) => id) }
    this.requests.push(request)
    await this.hold
    const order = this.orders.shift()
    if (!order) return { kind: 'confirmed', version: version + 1, state: 'in_audit', boxes: [] }
    return typeof order === 'function' ? order(request) : order
  }

  /** Nothing is answered until the returned function is called. */
  pause(): () => void {
    let resume = (): void => {}
    this.hold = new Promise((resolve) => {
      resume = resolve
    })
    return resume
  }
}

let server: FakeServer
let journal: MemoryJournal
let seen: { confirmed: number[]; rebased: [number, LabelledFrame | null][] }

function page(tab = 'tab'): Outbox {
  const events: OutboxEvents = {
    confirmed: (frame) => seen.confirmed.push(frame),
    rebased: (frame, current) => seen.rebased.push([frame, current]),
  }
  return new Outbox(server, journal, events, { owner: '1@w', tab })
}

beforeEach(() => {
  made = 0
  server = new FakeServer()
  journal = new MemoryJournal()
  seen = { confirmed: [], rebased: [] }
})
afterEach(() => {
  vi.useRealTimers()
})

const settled = async (outbox: Outbox): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  await outbox.flush()
}

describe('the outbox', () => {
  test('writes to the journal before it sends, and empties both when the server has it', async () => {
    const outbox = page()
    const resume = server.pause()
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    expect(await journal.read('1@w')).toMatchObject([{ id: 'op1', status: 'sent', version: 7 }])
    expect(outbox.store.getState()).toMatchObject({ phase: 'saving', waiting: 1 })
    resume()
    await settled(outbox)
    expect(await journal.read('1@w')).toEqual([])
    expect(outbox.store.getState()).toMatchObject({ phase: 'saved', waiting: 0 })
    expect(seen.confirmed).toEqual([1])
  })

  test('sends in order, one request at a time, what waited meanwhile as one batch on the new version', async () => {
    const outbox = page()
    const resume = server.pause()
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    outbox.add(1, 7, [step()])
    outbox.add(2, 3, [step()])
    outbox.add(1, 7, [step()])
    resume()
    await settled(outbox)
    expect(server.requests).toEqual([
      { frame: 1, version: 7, ids: ['op1'] },
      { frame: 1, version: 8, ids: ['op2', 'op4'] },
      { frame: 2, version: 3, ids: ['op3'] },
    ])
  })

  test('sends work made just after an answer on the version that the answer gave', async () => {
    const outbox = page()
    vi.spyOn(journal, 'remove').mockImplementationOnce(async () => outbox.add(1, 7, [step()]))
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(server.requests).toHaveLength(2))
    expect(server.requests[1]).toEqual({ frame: 1, version: 8, ids: ['op2'] })
  })

  test('tries again when the server can’t be reached, the lost batch unchanged and later work after it', async () => {
    vi.useFakeTimers()
    const outbox = page()
    server.orders.push({ kind: 'unreachable' }, { kind: 'unreachable' })
    outbox.add(1, 7, [step()])
    await vi.advanceTimersByTimeAsync(10)
    expect(outbox.store.getState().phase).toBe('offline')
    outbox.add(1, 7, [step()])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(server.requests.map(({ ids }) => ids)).toEqual([['op1'], ['op1'], ['op1'], ['op2']])
    expect(outbox.store.getState()).toMatchObject({ phase: 'saved', waiting: 0 })
  })

  test('waits longer after each failure', async () => {
    vi.useFakeTimers()
    const outbox = page()
    for (let time = 0; time < 20; time += 1) server.orders.push({ kind: 'unreachable' })
    outbox.add(1, 7, [step()])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.requests.length).toBe(6) // at 0, 1, 3, 7, 15 and 31 s
  })

  test('survives a reload: a new page sends what the old one left, on the version that it was made on', async () => {
    const old = page('old')
    server.orders.push({ kind: 'unreachable' })
    old.add(1, 7, [step(), step()])
    await vi.waitFor(() => expect(old.store.getState().phase).toBe('offline'))
    old.close()
    const outbox = page('new')
    await outbox.start(new Set())
    expect(server.requests.at(-1)).toEqual({ frame: 1, version: 7, ids: ['op1', 'op2'] })
    expect(await journal.read('1@w')).toEqual([])
  })

  test('leaves the work of a page that still lives to that page', async () => {
    const other = page('other')
    server.orders.push({ kind: 'signed-out' })
    other.add(1, 7, [step()])
    await vi.waitFor(() => expect(other.store.getState().phase).toBe('signed-out'))
    await page('new').start(new Set(['other']))
    expect(server.requests).toHaveLength(1)
  })

  test('keeps everything while the person is logged out', async () => {
    const outbox = page()
    server.orders.push({ kind: 'signed-out' })
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(outbox.store.getState().phase).toBe('signed-out'))
    await outbox.flush()
    expect(outbox.store.getState()).toMatchObject({ phase: 'saved', waiting: 0 })
  })
})

describe('a conflict', () => {
  const theirs = { ...labelledFrame([labelBox('a', { state: 'rejected' })]), frame: { ...FRAME.frame, version: 12 } }

  async function conflicted(): Promise<Outbox> {
    const outbox = page()
    server.orders.push({ kind: 'changed', current: theirs })
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(outbox.store.getState().phase).toBe('conflict'))
    return outbox
  }

  test('is shown with both sides, and nothing is forced', async () => {
    const outbox = await conflicted()
    outbox.add(1, 7, [step()])
    outbox.add(2, 3, [step()])
    await settled(outbox)
    expect(outbox.store.getState().conflicts).toEqual([{ frame: 1, current: theirs, heldBy: null }])
    expect(outbox.stepsOf(1)).toHaveLength(2)
    expect(server.requests.map(({ frame }) => frame)).toEqual([1, 2])
  })

  test('settled for mine sends mine again on their version', async () => {
    const outbox = await conflicted()
    await outbox.settle(1, 'mine')
    expect(server.requests.at(-1)).toEqual({ frame: 1, version: 12, ids: ['op1'] })
    expect(seen.rebased).toEqual([[1, theirs]])
    expect(outbox.store.getState().phase).toBe('saved')
  })

  test('settled for mine sends nothing where both sides decided the same', async () => {
    const outbox = page()
    const same = { ...theirs, boxes: [labelBox('a', { state: 'accepted' })] }
    server.orders.push({ kind: 'changed', current: same })
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(outbox.store.getState().phase).toBe('conflict'))
    await outbox.settle(1, 'mine')
    expect(server.requests).toHaveLength(1)
    expect(outbox.store.getState()).toMatchObject({ phase: 'saved', waiting: 0, setAside: [] })
  })

  test('settled for theirs sets mine aside, where it is seen until dismissed', async () => {
    const outbox = await conflicted()
    await outbox.settle(1, 'theirs')
    expect(server.requests).toHaveLength(1)
    expect(outbox.stepsOf(1)).toEqual([])
    expect(outbox.store.getState().setAside).toMatchObject([{ id: 'op1', status: 'dropped' }])
    expect(await journal.read('1@w')).toHaveLength(1)
    await outbox.dismiss(['op1'])
    expect(outbox.store.getState().setAside).toEqual([])
    expect(await journal.read('1@w')).toEqual([])
  })

  test('comes again after a reload', async () => {
    await conflicted()
    server.orders.push({ kind: 'changed', current: theirs })
    const outbox = page('new')
    await outbox.start(new Set())
    expect(outbox.store.getState().phase).toBe('conflict')
  })

  test('with the person who holds the frame names them', async () => {
    const outbox = page()
    server.orders.push({ kind: 'held', by: 'Ada' })
    outbox.add(1, 7, [step()])
    await vi.waitFor(() => expect(outbox.store.getState().phase).toBe('conflict'))
    expect(outbox.store.getState().conflicts).toEqual([{ frame: 1, current: null, heldBy: 'Ada' }])
  })
})

describe('a refused operation', () => {
  test('that the server names is set aside; the rest of its batch goes on', async () => {
    const outbox = page()
    server.orders.push({ kind: 'refused', reason: 'Box is outside the frame.', index: 1 })
    outbox.add(1, 7, [step(), step(), step()])
    await settled(outbox)
    expect(server.requests.map(({ ids }) => ids)).toEqual([
      ['op1', 'op2', 'op3'],
      ['op1', 'op3'],
    ])
    expect(outbox.store.getState().setAside).toMatchObject([
      { id: 'op2', status: 'refused', reason: 'Box is outside the frame.' },
    ])
    expect(seen.rebased).toEqual([[1, null]])
  })

  test('that the server does not name is found by sending one at a time', async () => {
    const outbox = page()
    const refused: Answer = { kind: 'refused', reason: 'Not yours.', index: null }
    const unlessClean = ({ ids, version }: Request): Answer =>
      ids.includes('op2') ? refused : { kind: 'confirmed', version: version + 1, state: 'in_audit', boxes: [] }
    server.orders.push(unlessClean, unlessClean, unlessClean, unlessClean)
    outbox.add(1, 7, [step(), step(), step()])
    await settled(outbox)
    expect(server.requests.map(({ ids }) => ids)).toEqual([['op1', 'op2', 'op3'], ['op1'], ['op2'], ['op3']])
    expect(outbox.store.getState()).toMatchObject({ phase: 'saved', setAside: [{ id: 'op2' }] })
  })
})

test('a browser that stores nothing still sends, and says so', async () => {
  vi.spyOn(journal, 'write').mockRejectedValue(new Error('QuotaExceededError'))
  const outbox = page()
  outbox.add(1, 7, [step()])
  await settled(outbox)
  expect(server.requests).toHaveLength(1)
  expect(outbox.store.getState()).toMatchObject({ journalled: false, waiting: 0 })
})
