import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { ApiError } from '../../../api/errors'
import type { Claim, Film, FrameDetail, RecentOperation, TrackDecision } from '../../../api/types'
import { labelBox } from '../../../testing/desk'
import { MemoryJournal } from '../saving/journal'
import type { Answer } from '../saving/transport'
import type { TrackAnswer } from '../track/trackApi'
import { DeskSession } from './DeskSession'
import { DeskApi } from './deskApi'

const CATEGORIES = [{ id: 11, index: 0, name: 'car', phrase: 'car', colour: '#3b82f6', hotkey: '1', group: 'vehicle' }]

const detail = (id: number): FrameDetail => ({
  ...{ id, drive: 1, clip: 1, index: id, time_ms: 0, name: `frame_${id}.jpg`, width: 1920, height: 1080 },
  ...{
    state: 'in_audit',
    risk: 0.5,
    version: 1,
    open_boxes: 2,
    total_boxes: 2,
    taxonomy: 1,
    drive_name: 'Night',
    model: null,
  },
  neighbours: { previous: null, next: null },
  lease: null,
  boxes: ['a', 'b'].map((name) => ({
    ...labelBox(`${id}${name}`),
    id,
    risk: 0.5,
    priority: 0.5,
    signals: [],
  })),
})

/** A server with ten frames that confirms everything, until told otherwise. */
class FakeApi extends DeskApi {
  readonly sent: string[] = []
  readonly released: number[] = []
  answers: Answer[] = []
  next: number | null = null
  waiting = Array.from({ length: 10 }, (_, index) => index + 1)

  override async claim({ count = 1, exclude = [] }: { count?: number; exclude?: number[] }): Promise<Claim> {
    const frames = this.waiting.filter((id) => !exclude.includes(id)).slice(0, count)
    return {
      frames: frames.map((id) => ({ ...detail(id), neighbours: { previous: null, next: this.next } })),
      lease_seconds: 120,
      remaining: this.waiting.length,
    }
  }
  override async send(...[frame, version, operations]: Parameters<DeskApi['send']>): Promise<Answer> {
    this.sent.push(...operations.map((operation) => `${frame} ${operation.kind}`))
    if (operations.some(({ kind }) => kind === 'finish')) this.waiting = this.waiting.filter((id) => id !== frame)
    return this.answers.shift() ?? { kind: 'confirmed', version: version + 1, state: 'in_audit', boxes: [] }
  }
  override async release(frames: readonly number[]): Promise<void> {
    this.released.push(...frames)
  }
  override frame = async (id: number): Promise<FrameDetail> => detail(id)
  override taxonomies: DeskApi['taxonomies'] = async () => [
    { id: 1, name: 'gdda13', version: 1, categories: CATEGORIES as never },
  ]
  recent: RecentOperation[] = []
  /** What stands and is older than `before`, as far as one answer reaches. */
  override recentOperations = async (before: string | null = null): Promise<RecentOperation[]> => {
    const until = this.recent.findIndex(({ id }) => id === before)
    return this.recent.slice(0, until < 0 ? this.recent.length : until).slice(-2)
  }
  override image = async (): Promise<ImageBitmap> => ({ width: 1920, height: 1080, close: vi.fn() })
  override thumbnail = this.image
}

/** Track 4 ends where track 5 begins; every decision is written, until told otherwise. */
class FakeTracks {
  readonly decided: TrackDecision[] = []
  answers: TrackAnswer[] = []
  left = [{ id: 90 }]

  film = async (id: number): Promise<Film> => {
    const frames = id === 4 ? [{ id: 8, version: 3, boxes: this.left }] : [{ id: 9, version: 6, boxes: [{ id: 91 }] }]
    return { id, frames } as unknown as Film
  }
  decide = async (_: number, decision: TrackDecision): Promise<TrackAnswer> => {
    this.decided.push(decision)
    return this.answers.shift() ?? { kind: 'written', films: [], duplicate: false }
  }
}

let api: FakeApi
let tracks: FakeTracks
let desk: DeskSession

const open = async (frame: number | null = null): Promise<void> => {
  desk = new DeskSession(api, new MemoryJournal(), { drive: null, category: null, frame, state: null }, '1@w', tracks)
  await desk.start()
}
const finish = (): void =>
  desk.editor.decide('Accepted', [
    ...(desk.editor.state.labelled?.boxes ?? []).map(({ client_id }) => ({ kind: 'accept', box: client_id }) as const),
  ])
const shown = (): number | undefined => desk.editor.state.labelled?.frame.id
const state = (): ReturnType<DeskSession['store']['getState']> => desk.store.getState()

beforeEach(() => {
  api = new FakeApi()
  tracks = new FakeTracks()
})
afterEach(() => desk.close())

/** As the server remembers that box 0 of the frame was accepted; `gesture` binds operations of one key. */
const accepted = (frame: number, changes: Partial<RecentOperation> = {}): RecentOperation => ({
  id: `${frame}-accept`,
  gesture: `${frame}-gesture`,
  frame,
  track: null,
  kind: 'accepted',
  box: detail(frame).boxes[0]?.client_id ?? '',
  before: { state: 'pending' },
  after: { state: 'accepted' },
  created_at: '2026-11-28T09:00:00Z',
  changed_by: null,
  ...changes,
})

describe('undo after a reload', () => {
  /** The server's frame, with the first box in this state. */
  const serve = (state: (frame: number) => string): void => {
    api.frame = async (id) => {
      const frame = detail(id)
      return {
        ...frame,
        boxes: frame.boxes.map((box, index) => (index === 0 ? { ...box, state: state(id) as never } : box)),
      }
    }
  }

  test('brings back the frame and takes back the last thing done there', async () => {
    api.recent = [accepted(8), accepted(9)]
    serve(() => 'accepted')
    await open()
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(9))
    await desk.outbox.flush()
    expect(api.sent).toEqual(['9 undo'])
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(8))
    desk.editor.redo()
    await desk.outbox.flush()
    expect(api.sent).toEqual(['9 undo', '8 undo', '8 undo'])
  })

  test('takes back what one key did as one, last first', async () => {
    const finished = accepted(9, { id: '9-finish', kind: 'finished', box: null, before: { state: 'in_audit' } })
    api.recent = [accepted(9), finished]
    serve(() => 'accepted')
    await open()
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(9))
    await desk.outbox.flush()
    expect(api.sent).toEqual(['9 reopen', '9 undo'])
  })

  test('takes back what one key of the grid did on several frames as one, and makes it again as one', async () => {
    api.recent = [8, 9].map((frame) => accepted(frame, { gesture: 'one key' }))
    serve(() => 'accepted')
    await open()
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(8))
    await desk.outbox.flush()
    expect(api.sent).toEqual(['9 undo', '8 undo'])
    expect(desk.editor.history.undoable).toBeNull()
    expect(state().said?.text).toBe('Undone: Accepted and 1 more')
    desk.editor.redo()
    await vi.waitFor(() => expect(shown()).toBe(9))
    await desk.outbox.flush()
    expect(api.sent.slice(2)).toEqual(['8 undo', '9 undo'])
  })

  test('of what one key did on several frames leaves what others changed since, and says so', async () => {
    const theirs = { gesture: 'one key', changed_by: { id: 7, name: 'Ann' } }
    api.recent = [accepted(8, { gesture: 'one key' }), accepted(9, theirs)]
    serve((id) => (id === 9 ? 'rejected' : 'accepted'))
    await open()
    desk.editor.undo()
    await vi.waitFor(() => expect(state().said?.text).toMatch(/cannot be undone everywhere/))
    await desk.outbox.flush()
    expect(api.sent).toEqual(['8 undo'])
    expect(desk.editor.history.undoable).toBeNull()
  })

  test('says who changed it since, and goes on to what was done before', async () => {
    api.recent = [accepted(8), accepted(9, { changed_by: { id: 7, name: 'Ann' } })]
    serve((id) => (id === 9 ? 'rejected' : 'accepted'))
    await open()
    desk.editor.undo()
    await vi.waitFor(() => expect(state().said?.text).toBe('“Accepted” cannot be undone: Ann changed it since'))
    expect(shown()).toBe(9)
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(8))
    await desk.outbox.flush()
    expect(api.sent).toEqual(['8 undo'])
  })

  test('begins with what was done since', async () => {
    api.recent = [accepted(9)]
    await open()
    finish()
    desk.editor.undo()
    await desk.outbox.flush()
    expect(api.sent.every((sent) => sent.startsWith('1 '))).toBe(true)
  })

  test('that the server cannot tell of keeps nobody from working', async () => {
    api.recentOperations = () => Promise.reject(new Error('offline'))
    await open()
    expect(state().phase).toBe('ready')
    desk.editor.undo()
    await vi.waitFor(() => expect(state().said?.text).toMatch(/could not be fetched/))
    expect(shown()).toBe(1)
  })

  test('goes on below what one answer told, until nothing is left', async () => {
    api.recent = [7, 8, 9, 10].map((frame) => accepted(frame))
    serve(() => 'accepted')
    const takenBack = (id: string): void => {
      api.recent = api.recent.filter((one) => one.id !== id)
    }
    await open()
    for (const frame of [10, 9, 8, 7]) {
      desk.editor.undo()
      await vi.waitFor(() => expect(shown()).toBe(frame))
      await desk.outbox.flush()
      takenBack(`${frame}-accept`)
    }
    desk.editor.undo()
    await vi.waitFor(() => expect(state().said?.text).toMatch(/Nothing is left to undo/))
    expect(api.sent).toEqual(['10 undo', '9 undo', '8 undo', '7 undo'])
  })

  test('is not held up by what others changed, nor by frames that are gone', async () => {
    api.recent = [accepted(6), accepted(7), accepted(8), accepted(9)]
    serve((id) => (id === 9 ? 'rejected' : 'accepted'))
    const served = api.frame
    api.frame = async (id) => {
      if (id === 8) throw new ApiError(404, {})
      return served(id)
    }
    await open()
    for (const words of [/changed it since/, /its frame is gone/]) {
      desk.editor.undo()
      await vi.waitFor(() => expect(state().said?.text).toMatch(words))
    }
    desk.editor.undo()
    await vi.waitFor(() => expect(shown()).toBe(7))
    expect(desk.editor.history.redoable?.frame).toBe(7)
  })
})

describe('undo of a frame that left the page', () => {
  const FRAMES = 60
  /** What was done to the first box, kept as a server keeps it. */
  const remember = (): void => {
    const states = new Map<number, string>()
    const send = api.send.bind(api)
    api.send = async (frame, version, operations) => {
      for (const { kind } of operations) {
        if (kind === 'accept') states.set(frame, 'accepted')
        if (kind === 'undo') states.set(frame, 'pending')
      }
      return send(frame, version, operations)
    }
    api.frame = async (id) => {
      const frame = detail(id)
      const state = (states.get(id) ?? 'pending') as never
      return { ...frame, state: 'audited', boxes: frame.boxes.map((box) => ({ ...box, state })) }
    }
  }

  const work = async (): Promise<void> => {
    api.waiting = Array.from({ length: FRAMES + 8 }, (_, index) => index + 1)
    remember()
    await open()
    for (let frame = 1; frame <= FRAMES; frame += 1) {
      await vi.waitFor(() => expect(shown()).toBe(frame))
      finish()
      await desk.outbox.flush()
    }
    await vi.waitFor(() => expect(state().queue.frames.some(({ id }) => id === 1)).toBe(false))
    api.sent.length = 0
  }

  test('brings each frame back, over the whole sitting, and redo does too', async () => {
    await work()
    for (let frame = FRAMES; frame >= 1; frame -= 1) {
      desk.editor.undo()
      await vi.waitFor(() => expect(shown()).toBe(frame))
    }
    await desk.outbox.flush()
    expect(api.sent.slice(-3)).toEqual(['1 reopen', '1 undo', '1 undo'])
    desk.editor.redo()
    await desk.outbox.flush()
    expect(api.sent.slice(-3)).toEqual(['1 undo', '1 undo', '1 finish'])
  })

  test('says so when it is no longer as it was left', async () => {
    await work()
    api.frame = async (id) => detail(id)
    const refusal = /cannot be undone: somebody else changed it since/
    for (let left = FRAMES; left > 0 && !refusal.test(state().said?.text ?? ''); left -= 1) {
      const { said } = state()
      desk.editor.undo()
      await vi.waitFor(() => expect(state().said).not.toBe(said))
    }
    expect(state().said?.text).toMatch(refusal)
  })
})

describe('a sitting', () => {
  test('claims six frames and shows the riskiest, its categories with it', async () => {
    await open()
    expect(state()).toMatchObject({ phase: 'ready', total: 10 })
    expect(shown()).toBe(1)
    expect(desk.editor.state.categories.map(({ name }) => name)).toEqual(['car'])
    await vi.waitFor(() => expect(desk.editor.state.image).not.toBeNull())
  })

  test('begins with the frame that a link names', async () => {
    await open(9)
    expect(shown()).toBe(9)
  })

  test('goes on when a frame is finished, until nothing waits', async () => {
    await open()
    for (let frame = 1; frame <= 10; frame += 1) {
      await vi.waitFor(() => expect(shown()).toBe(frame))
      finish()
      await desk.outbox.flush()
    }
    await vi.waitFor(() => expect(state().phase).toBe('empty'))
    expect(state()).toMatchObject({ finished: 10, total: 10 })
    expect(api.sent.slice(0, 3)).toEqual(['1 accept', '1 accept', '1 finish'])
  })

  test('undoes the last decision on the frame before, without asking the server for it', async () => {
    await open()
    finish()
    expect(shown()).toBe(2)
    desk.editor.undo()
    expect(shown()).toBe(1)
    expect(state().finished).toBe(0)
    expect(desk.editor.state.labelled?.boxes.map((box) => box.state)).toEqual(['pending', 'pending'])
  })

  test('skips a frame, gives it back and does not get it again', async () => {
    await open()
    desk.skip()
    expect(shown()).toBe(2)
    await vi.waitFor(() => expect(api.released).toEqual([1]))
    for (let frame = 2; frame <= 10; frame += 1) {
      await vi.waitFor(() => expect(shown()).toBe(frame))
      finish()
      await desk.outbox.flush()
    }
    await vi.waitFor(() => expect(state().phase).toBe('empty'))
  })

  test('with nothing to do, asks again until somebody gives a frame back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const waiting = api.waiting.splice(0)
    await open()
    expect(state().phase).toBe('empty')
    await vi.advanceTimersByTimeAsync(15_000)
    expect(state().phase).toBe('empty')
    api.waiting.push(...waiting)
    await vi.advanceTimersByTimeAsync(15_000)
    expect([state().phase, shown()]).toEqual(['ready', 1])
  })

  test('gives back what is not done when the person leaves', async () => {
    await open()
    finish()
    await desk.outbox.flush()
    desk.close()
    expect(api.released).not.toContain(1)
    expect(api.released).toEqual(expect.arrayContaining([2, 3, 4, 5, 6]))
  })

  test('tells why it could not open, and opens later', async () => {
    vi.spyOn(api, 'taxonomies').mockRejectedValueOnce(new Error('The server cannot be reached.'))
    await open()
    expect(state()).toMatchObject({ phase: 'failed', failure: 'The server cannot be reached.' })
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(shown()).toBe(1))
  })
})

describe('a split or merge that was made in track mode', () => {
  const moved = { kind: 'tracked', gesture: 'split', track: 5, before: { track: 4 }, after: { track: 5 } } as const
  const said = async (text: string): Promise<void> => vi.waitFor(() => expect(state().said?.text).toBe(text))

  test('is taken back by one request over all its frames, and made again by another', async () => {
    api.recent = [accepted(8), accepted(9, moved)]
    await open()
    desk.editor.undo()
    await said('Undone: Track split')
    expect(tracks.decided).toMatchObject([{ kind: 'undo', operation: 'split', versions: { 8: 3, 9: 6 } }])
    expect([shown(), desk.editor.state.selected]).toEqual([9, '9a'])
    desk.editor.redo()
    await said('Redone: Track split')
    expect(tracks.decided[1]?.operation).toBe(tracks.decided[0]?.id)
    expect(api.sent).toEqual([])
    expect(desk.editor.history.undoable?.title).toBe('Track split')
  })

  test('that left nothing of a track was a merge', async () => {
    tracks.left = []
    api.recent = [accepted(9, moved)]
    await open()
    desk.editor.undo()
    await said('Undone: Tracks merged')
  })

  test('is asked for again by the same id when the answer was lost', async () => {
    tracks.answers = [{ kind: 'unreachable' }]
    api.recent = [accepted(9, moved)]
    await open()
    desk.editor.undo()
    await said('The server cannot be reached; nothing was undone.')
    desk.editor.undo()
    await said('Undone: Track split')
    expect(tracks.decided[1]?.id).toBe(tracks.decided[0]?.id)
  })

  test('says why it stays, and lets what was done before be undone', async () => {
    tracks.answers = [{ kind: 'refused', code: 'not_last_change', detail: '', frames: [] }]
    api.recent = [accepted(8), accepted(9, moved)]
    await open()
    desk.editor.undo()
    await said('“Track split” cannot be undone: its boxes were changed since')
    expect(desk.editor.history.undoable?.frame).toBe(8)
  })
})

describe('a box copied to the next frame of the drive', () => {
  const copy = async (): Promise<void> => {
    desk.editor.select('1a')
    desk.carry(desk.editor.state.labelled?.boxes.slice(0, 1) ?? [])
    await vi.waitFor(() => expect(desk.editor.history.undoable?.title).toBe('Copied to this frame'))
  }

  test('lands there, selected, and undo takes it off', async () => {
    api.next = 77
    await open()
    await copy()
    expect(shown()).toBe(77)
    expect(
      state()
        .queue.frames.slice(0, 3)
        .map(({ id }) => id),
    ).toEqual([1, 77, 2])
    expect(desk.editor.state.selected).toBe('77a')
    desk.editor.undo()
    await desk.outbox.flush()
    expect(api.sent).toEqual(['77 reshape', '77 undo'])
  })

  test('says so where the drive ends, somebody else has the frame, or the network is gone', async () => {
    await open()
    desk.carry([])
    await vi.waitFor(() => expect(state().said?.text).toBe('This is the last frame of the drive.'))
    api.next = 77
    await open()
    vi.spyOn(api, 'frame').mockResolvedValueOnce({
      ...detail(77),
      lease: { user: { id: 2, name: 'Ada' }, expires_at: '', mine: false },
    })
    desk.carry([])
    await vi.waitFor(() => expect(state().said?.text).toBe('Ada has the next frame; nothing was copied.'))
    vi.spyOn(api, 'frame').mockRejectedValueOnce(new Error('offline'))
    desk.carry([])
    await vi.waitFor(() => expect(state().said?.text).toMatch(/could not be fetched/))
    expect(shown()).toBe(1)
  })
})

describe('the server’s word', () => {
  test('replaces what was shown, and what is not sent stays on top of it', async () => {
    await open()
    const theirs = { ...detail(1).boxes[0], state: 'accepted', score: 0.99 } as never
    api.answers.push({ kind: 'confirmed', version: 5, state: 'in_audit', boxes: [theirs] })
    desk.editor.apply('Rejected', [{ kind: 'reject', box: '1b' }])
    await desk.outbox.flush()
    await vi.waitFor(() => expect(desk.editor.state.labelled?.frame.version).toBe(5))
    expect(desk.editor.state.labelled?.boxes.map((box) => box.state)).toEqual(['accepted', 'pending'])
  })

  test('that a frame changed is settled by the person: theirs takes mine off the stage and out of undo', async () => {
    await open()
    const current = { frame: { ...detail(1), version: 9 }, boxes: detail(1).boxes }
    api.answers.push({ kind: 'changed', current })
    desk.editor.apply('Rejected', [{ kind: 'reject', box: '1a' }])
    await vi.waitFor(() => expect(desk.outbox.store.getState().conflicts).toHaveLength(1))
    expect(desk.editor.state.labelled?.boxes[0]?.state).toBe('rejected')
    await desk.settle(1, 'theirs')
    expect(desk.editor.state.labelled?.boxes[0]?.state).toBe('pending')
    expect(desk.editor.history.undoable).toBeNull()
    expect(desk.outbox.store.getState().setAside).toHaveLength(1)
  })

  test('that somebody else holds a frame, given up, shows the next', async () => {
    await open()
    api.answers.push({ kind: 'held', by: 'Ada' })
    desk.editor.apply('Rejected', [{ kind: 'reject', box: '1a' }])
    await vi.waitFor(() => expect(desk.outbox.store.getState().conflicts).toHaveLength(1))
    await desk.settle(1, 'theirs')
    expect(shown()).toBe(2)
  })
})
