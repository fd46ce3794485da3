/** A person at the grid: keys are pressed, and what the server would get and the crops would show is read. */

import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Crop, FrameDetail, RecentOperation } from '../../../api/types'
import { BounceGuard } from '../../../editor/keys/bounce'
import { STOCK_KEYS } from '../../../editor/keys/ownKeys'
import type { BoxState, LabelBox } from '../../../editor/scene/label'
import { type Operation, stepOf } from '../../../editor/scene/operations'
import { CATEGORIES, labelBox, labelledFrame } from '../../../testing/desk'
import { MemoryJournal } from '../saving/journal'
import type { Answer } from '../saving/transport'
import { cutout } from './cutout'
import { type GridApi, GridSession } from './GridSession'
import { type Deed, pressed } from './keys'

const HOTKEYS = new Map(CATEGORIES.map(({ id, hotkey }) => [id, hotkey]))
const guard = new BounceGuard()
const asked = { current: false }
let clock = 0

function crop(id: string, frame: number, changes: Partial<LabelBox> = {}): Crop {
  const { frame: of } = labelledFrame([], frame)
  return { box: { ...labelBox(id, changes), id: 0 }, frame: of, held_by: null } as unknown as Crop
}

let sent: string[]
let versions: number[]
let orders: Answer[]
let released: number[][]
let beats: { frames: number[]; at: number | null; place: string | undefined }[]
/** The frame that somebody else has meanwhile. */
let taken: number | null
let session: GridSession
/** What the server remembers of this person's work in the grid. */
let recent: RecentOperation[]
/** Boxes that are no longer as that left them. */
let later: Record<string, BoxState>

/** The server's boxes, and what each operation found. */
const server = new Map<string, LabelBox>()
const found = new Map<string, LabelBox>()

function applied(operation: Operation): LabelBox[] {
  const before = 'box' in operation ? (server.get(operation.box) ?? labelBox(operation.box)) : undefined
  const box = operation.kind === 'undo' ? found.get(operation.operation) : before
  if (!box) throw new Error(`The server knows nothing to ${operation.kind}.`)
  if (before) found.set(operation.id, before)
  const frame = labelledFrame([box])
  const after = operation.kind === 'undo' ? box : (stepOf(frame, operation).after ?? box)
  server.set(box.client_id, after)
  return [after]
}

/** The frame as the server has it: the boxes that were decided on an earlier page. */
function detail(id: number): FrameDetail {
  const { frame } = labelledFrame([], id)
  const boxes = recent
    .filter((one) => one.frame === id)
    .map(({ box }) => ({ ...labelBox(box ?? '', { state: later[box ?? ''] ?? 'accepted' }), id: 0 }))
  return { ...frame, drive: 1, drive_name: 'Night', lease: null, boxes } as unknown as FrameDetail
}

/** Accepted on an earlier page: a key, and its boxes as "frame box". */
const acceptedBefore = (gesture: string, ...boxes: readonly string[]): RecentOperation[] =>
  boxes.map((place) => {
    const [frame, box = ''] = place.split(' ')
    const states = { before: { state: 'pending' }, after: { state: 'accepted' } }
    return {
      id: `${gesture}-${box}`,
      gesture,
      frame: Number(frame),
      kind: 'accepted',
      box,
      ...states,
    } as unknown as RecentOperation
  })

const api: GridApi = {
  send: async (frame, version, operations) => {
    sent.push(...operations.map((each) => `${frame} ${each.kind}${'box' in each ? ` ${each.box}` : ''}`))
    versions.push(version)
    const order = orders.shift()
    if (order) return order
    const boxes = operations.flatMap(applied)
    return { kind: 'confirmed', version: version + 1, state: 'in_audit', boxes }
  },
  frame: async (id) => detail(id),
  recentOperations: async (before, device) => {
    expect(device).toBe('grid')
    const until = recent.findIndex(({ id }) => id === before)
    return recent.slice(0, until < 0 ? recent.length : until)
  },
  release: async (frames) => void released.push([...frames]),
  heartbeat: async (frames, at, place) => {
    beats.push({ frames: [...frames], at, place })
    return {
      held: frames.filter((id) => id !== taken),
      lost: frames.filter((id) => id === taken),
      lease_seconds: 120,
      others: [],
    }
  },
}

/** "Shift+Enter", "Control+z": as Playwright writes them. */
function press(keys: string, { own = STOCK_KEYS, afterMs = 1_000 } = {}): Deed | null {
  clock += afterMs
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const held = (name: string): boolean => parts.slice(0, -1).includes(name)
  const code = /^\d$/.test(key) ? `Digit${key}` : ''
  const modifiers = { ctrlKey: held('Control'), shiftKey: held('Shift'), altKey: false, metaKey: false }
  return pressed(
    { key, code, ...modifiers, timeStamp: clock },
    { session, columns: 2, own, hotkeys: HOTKEYS, guard, asked },
  )
}

const states = (): string[] => session.store.getState().crops.map((each) => session.boxOf(each).state)
const at = (): number => session.store.getState().at
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
  await session.outbox.flush()
}

beforeEach(() => {
  sent = []
  versions = []
  orders = []
  released = []
  beats = []
  taken = null
  recent = []
  later = {}
  server.clear()
  found.clear()
  session = new GridSession(api, new MemoryJournal(), '1@w')
  session.show([crop('a', 1), crop('b', 2), crop('c', 1), crop('d', 3), crop('e', 3)])
})

describe('the keys of the grid', () => {
  test('arrows walk the rows and stop at the edges', () => {
    for (const [key, place] of [
      ['ArrowRight', 1],
      ['ArrowDown', 3],
      ['ArrowDown', 3],
      ['ArrowLeft', 2],
      ['End', 4],
      ['ArrowRight', 4],
      ['Home', 0],
      ['ArrowUp', 0],
    ] as const) {
      expect(press(key)).toEqual({ kind: 'moved' })
      expect(at()).toBe(place)
    }
  })

  test('Enter accepts, X rejects, a digit relabels, and each goes on to the next', async () => {
    press('Enter')
    press('x')
    expect(press('2')).toEqual({ kind: 'relabelled', category: 12 })
    expect(at()).toBe(3)
    expect(states()).toEqual(['accepted', 'rejected', 'edited', 'pending', 'pending'])
    await settled()
    expect([...sent].sort()).toEqual(['1 accept a', '1 relabel c', '2 reject b'])
  })

  test('Shift+Enter accepts what is left, one request a frame', async () => {
    press('x')
    expect(press('Shift+Enter')).toEqual({ kind: 'accepted', count: 4 })
    await settled()
    expect(states()).toEqual(['rejected', 'accepted', 'accepted', 'accepted', 'accepted'])
    expect([...sent].sort()).toEqual(['1 accept c', '1 reject a', '2 accept b', '3 accept d', '3 accept e'])
    expect(press('Shift+Enter')).toEqual({ kind: 'nothing' })
  })

  test('Shift+Enter asks before it accepts candidates, which another key answers with no', async () => {
    session.show([crop('m', 1, { state: 'missed_candidate' }), crop('n', 2, { state: 'missed_candidate' })])
    expect(press('Shift+Enter')).toEqual({ kind: 'asking', count: 2 })
    press('End')
    press('Shift+Shift')
    expect(press('Shift+Enter')).toEqual({ kind: 'asking', count: 2 })
    press('Shift+Shift')
    expect(press('Shift+Enter')).toEqual({ kind: 'accepted', count: 2 })
    await settled()
  })

  test('Ctrl+Z takes back key by key over all frames, also what came before the next hundred', async () => {
    press('x')
    press('Shift+Enter')
    await settled()
    const first = session.store.getState().crops
    session.show([crop('f', 4)])
    press('Enter')
    for (let time = 0; time < 3; time += 1) expect(press('Control+z')).toEqual({ kind: 'undone' })
    expect(press('Control+z')).toEqual({ kind: 'earlier' })
    session.show(first)
    expect(states()).toEqual(Array(5).fill('pending'))
    await settled()
    expect(sent.filter((each) => each.endsWith('undo'))).toHaveLength(6)
  })

  test('decides once when a key bounces', () => {
    expect(press('Enter')).toEqual({ kind: 'accepted', count: 1 })
    expect(press('Enter', { afterMs: 60 })).toEqual({ kind: 'nothing' })
    expect(states().filter((state) => state === 'accepted')).toHaveLength(1)
  })

  test('goes by the keys of the person', () => {
    const own = { ...STOCK_KEYS, keys: { accept: ['a'], 'grid-move': ['h', 'l', 'k', 'j', '', ''] } }
    expect(press('l', { own })).toEqual({ kind: 'moved' })
    expect(at()).toBe(1)
    expect(press('a', { own })).toEqual({ kind: 'accepted', count: 1 })
    expect(press('Enter', { own })).toBeNull()
    expect(press('ArrowLeft', { own })).toBeNull()
  })

  test('with single keys off only keys that type nothing decide', () => {
    expect(press('x', { own: { ...STOCK_KEYS, singleKeys: false } })).toBeNull()
    expect(press('2', { own: { ...STOCK_KEYS, singleKeys: false } })).toBeNull()
    expect(press('Delete', { own: { ...STOCK_KEYS, singleKeys: false } })).toEqual({ kind: 'rejected', count: 1 })
    expect(states()[0]).toBe('rejected')
  })
})

describe('after a reload', () => {
  const undone = (): string[] => sent.filter((each) => each.endsWith('undo')).sort()
  const ids = (): string[] => session.store.getState().crops.map(({ box }) => box.client_id)

  beforeEach(() => {
    for (const id of ['p', 'q', 'r', 's'])
      for (const gesture of ['one', 'all']) found.set(`${gesture}-${id}`, labelBox(id))
    recent = [...acceptedBefore('one', '6 p'), ...acceptedBefore('all', '6 q', '7 r', '8 s')]
  })

  test('Ctrl+Z takes back what one key did over its frames, and the crops come back', async () => {
    expect(press('Control+z')).toEqual({ kind: 'earlier' })
    expect(await session.undoEarlier()).toEqual({ kind: 'undone' })
    await settled()
    expect(undone()).toEqual(['6 undo', '7 undo', '8 undo'])
    expect(ids()).toEqual(['q', 'r', 's', 'a', 'b', 'c', 'd', 'e'])
    expect(states().slice(0, 3)).toEqual(['pending', 'pending', 'pending'])
    expect(await session.undoEarlier()).toEqual({ kind: 'undone' })
    await settled()
    expect(ids()[0]).toBe('p')
    expect(await session.undoEarlier()).toEqual({ kind: 'nothing' })
  })

  test('what was changed since stays and is counted', async () => {
    later = { r: 'rejected' }
    expect(await session.undoEarlier()).toEqual({ kind: 'partly', count: 1 })
    await settled()
    expect(undone()).toEqual(['6 undo', '8 undo'])
    later = { p: 'edited' }
    expect(await session.undoEarlier()).toEqual({ kind: 'changed', count: 1 })
  })

  test('without a network nothing is undone', async () => {
    recent = []
    vi.spyOn(api, 'recentOperations').mockRejectedValueOnce(new Error('offline'))
    expect(await session.undoEarlier()).toEqual({ kind: 'unreached' })
  })
})

describe('somebody else was there', () => {
  const theirs = labelledFrame([labelBox('a', { state: 'rejected' }), labelBox('c')])
  const current = { ...theirs, frame: { ...theirs.frame, version: 9 } }

  async function conflicted(): Promise<Crop[]> {
    orders.push({ kind: 'changed', current })
    press('Enter')
    await settled()
    press('Enter')
    await settled()
    return [...session.store.getState().crops]
  }

  test('the crop says so, the other crops go on, and accepting the rest leaves that frame alone', async () => {
    const crops = await conflicted()
    expect(crops.map((each) => session.conflictOf(each)?.frame ?? null)).toEqual([1, null, null, null, null])
    press('Shift+Enter')
    await settled()
    expect([...sent].sort()).toEqual(['1 accept a', '2 accept b', '3 accept d', '3 accept e'])
  })

  test('mine again is sent on their version', async () => {
    await conflicted()
    press('Home')
    expect(press('Control+Enter')).toEqual({ kind: 'retried' })
    await vi.waitFor(() => expect(versions.at(-1)).toBe(9))
    await settled()
    expect(session.outbox.store.getState().phase).toBe('saved')
    expect(states()[0]).toBe('accepted')
  })

  test('theirs is shown, nothing is sent, and undo does not reach what was given up', async () => {
    await conflicted()
    press('Home')
    expect(press('Control+Backspace')).toEqual({ kind: 'yielded' })
    await settled()
    expect(states()[0]).toBe('rejected')
    expect(session.outbox.store.getState()).toMatchObject({ phase: 'saved', setAside: [] })
    press('Control+z')
    await settled()
    expect(sent).toEqual(['1 accept a', '2 accept b', '2 undo'])
  })

  test('a frame that somebody holds is named', async () => {
    orders.push({ kind: 'held', by: 'Ada' })
    press('Enter')
    await settled()
    const [first] = session.store.getState().crops
    expect(first && session.conflictOf(first)?.heldBy).toBe('Ada')
  })
})

test('leaving gives back the frames whose work is saved', async () => {
  await session.start()
  press('Enter')
  press('Enter')
  await settled()
  session.close()
  expect(released).toEqual([[1, 2]])
})

test('a heartbeat keeps what is borrowed while the person is there, and what went to another is not given back', async () => {
  vi.useFakeTimers()
  await session.start()
  press('Enter')
  press('Enter')
  await settled()
  taken = 1
  await vi.advanceTimersByTimeAsync(30_000)
  expect(beats).toEqual([{ frames: [1, 2], at: 1, place: 'grid' }])
  await vi.advanceTimersByTimeAsync(20 * 60_000)
  expect(beats.length).toBeLessThanOrEqual(21)
  session.close()
  vi.useRealTimers()
  expect(released).toEqual([[2]])
})

test('a cutout has the shape of the cell, holds the box and stays inside the frame', () => {
  const part = cutout(
    { x: 0, y: 700, width: 200, height: 20 },
    { width: 1280, height: 720 },
    { width: 150, height: 100 },
  )
  expect(part.width / part.height).toBeCloseTo(1.5)
  expect(part.x).toBe(0)
  expect(part.y + part.height).toBeCloseTo(720)
  expect(part.width).toBeGreaterThanOrEqual(200)
})
