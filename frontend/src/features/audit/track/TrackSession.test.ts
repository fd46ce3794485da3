import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Film, FrameBox, RecentOperation, TrackBrief, TrackDecision } from '../../../api/types'
import { BounceGuard } from '../../../editor/keys/bounce'
import { type OwnKeys, STOCK_KEYS } from '../../../editor/keys/ownKeys'
import { CATEGORIES, labelBox } from '../../../testing/desk'
import { MemoryJournal } from '../saving/journal'
import { boxOn, openIn } from './film'
import { pressed } from './keys'
import { carry, type TrackEntry } from './sender'
import { TrackSession } from './TrackSession'
import type { TrackAnswer } from './trackApi'

const box = (id: string, x: number, changes: Partial<FrameBox> = {}): FrameBox =>
  ({ ...labelBox(id), id: 1, priority: 0.2, ...changes, x }) as FrameBox

/** A film of these boxes, 100 ms apart; null is a frame without one. */
function film(id: number, boxes: readonly (FrameBox | null)[], first = 0): Film {
  const frames = boxes.map((one, n) => ({
    id: id * 100 + first + n,
    name: `frame ${first + n}`,
    clip: 1,
    index: first + n,
    time_ms: 100 * (first + n),
    width: 1920,
    height: 1080,
    state: 'in_audit',
    version: 1,
    held_by: null,
    boxes: one ? [one] : [],
  }))
  return { id, number: id, drive: 7, drive_name: 'drive', taxonomy: 1, category: 11, frames }
}

const brief = ({ id, frames }: Film): TrackBrief => ({
  id,
  number: id,
  category: 11,
  clip: 1,
  start: frames[0]?.index ?? 0,
  end: frames.at(-1)?.index ?? 0,
  open: frames.length,
  boxes: frames.length,
  priority: 0.5,
})

class FakeServer {
  readonly films = new Map(
    [film(1, [box('a', 0), box('b', 10), null, box('d', 30)]), film(2, [box('e', 500), box('f', 510)], 6)].map(
      (one) => [one.id, one],
    ),
  )
  readonly sent: { track: number; decision: TrackDecision }[] = []
  /** What comes instead of "written", first to last. */
  answers: (TrackAnswer | Promise<TrackAnswer>)[] = []

  tracks = async (): Promise<TrackBrief[]> => [...this.films.values()].map(brief)
  film = async (id: number): Promise<Film> => structuredClone(this.films.get(id)) as Film
  taxonomies = async () => [{ id: 1, categories: CATEGORIES }] as never
  /** What the server remembers of earlier pages, oldest first. */
  remembered: RecentOperation[] = []
  recent = async (_: number, before: string | null): Promise<RecentOperation[]> => {
    const at = this.remembered.findIndex(({ id }) => id === before)
    return at < 0 ? this.remembered : this.remembered.slice(0, at)
  }
  image = () => new Promise<never>(() => {})
  thumbnail = () => new Promise<never>(() => {})
  decide = async (track: number, decision: TrackDecision): Promise<TrackAnswer> => {
    this.sent.push({ track, decision })
    const answer = this.answers.shift()
    if (answer) return answer
    const known = this.films.get(track) as Film
    const after = { ...known, frames: known.frames.map((one) => ({ ...one, version: one.version + 1 })) }
    this.films.set(track, after)
    return { kind: 'written', films: [after], duplicate: false }
  }
}

let server: FakeServer
let journal: MemoryJournal<TrackEntry>
let session: TrackSession
let now = 0
const state = () => session.store.getState()
const settle = (): Promise<void> => vi.waitFor(() => expect(state().saving).toBe('saved'))

function key(chord: string, own: OwnKeys = STOCK_KEYS): string | null {
  const parts = chord.split('+')
  const name = parts.at(-1) ?? ''
  const code = /^\d$/.test(name) ? `Digit${name}` : name
  const mods = { ctrlKey: parts.includes('Mod'), altKey: parts.includes('Alt'), shiftKey: parts.includes('Shift') }
  const hotkeys = new Map([
    [11, '1'],
    [12, '2'],
  ])
  now += 1_000
  const press = { key: name, code, metaKey: false, timeStamp: now, ...mods }
  return pressed(press, { session, own, hotkeys, guard: new BounceGuard(), chooseMerge: () => {} })?.kind ?? null
}

beforeEach(async () => {
  server = new FakeServer()
  journal = new MemoryJournal()
  session = new TrackSession(server, journal, 7, 'ada')
  await session.start(null)
})

describe('a track', () => {
  test('is accepted by one key, with the versions that were seen, and the next one is there at once', async () => {
    expect(key('Enter')).toBe('accepted')
    await vi.waitFor(() => expect(state().film?.id).toBe(2))
    expect(state().decided).toBe(3)
    await settle()
    expect(server.sent[0]).toMatchObject({ track: 1, decision: { kind: 'accept', device: 'film' } })
    expect(server.sent[0]?.decision.versions).toEqual({ 100: 1, 101: 1, 102: 1, 103: 1 })
  })

  test('is relabelled and rejected by one key', async () => {
    key('2')
    await vi.waitFor(() => expect(state().film?.id).toBe(2))
    key('x')
    await settle()
    expect(server.sent.map(({ decision }) => [decision.kind, decision.category])).toEqual([
      ['relabel', 12],
      ['reject', undefined],
    ])
  })

  test('that is decided already is not decided again', () => {
    key('Enter')
    server.sent.length = 0
    session.store.setState({ film: film(3, [box('z', 0, { state: 'accepted' })]) })
    expect(key('Enter')).toBe('nothing')
    expect(server.sent).toEqual([])
  })

  test('is split at a frame that has boxes before it, never at its first', async () => {
    session.go(0)
    expect(key('Alt+m')).toBe('nothing')
    key('ArrowRight')
    expect(key('Alt+m')).toBe('split')
    await settle()
    expect(server.sent[0]?.decision).toMatchObject({ kind: 'split', frame: 101 })
  })

  test('may be one with a track before or after it, and names the frames of both', async () => {
    expect(session.mergeable().map(({ id }) => id)).toEqual([2])
    await session.merge(2)
    await settle()
    expect(server.sent[0]?.decision).toMatchObject({ kind: 'merge', other: 2 })
    expect(Object.keys(server.sent[0]?.decision.versions ?? {})).toHaveLength(6)
  })
})

describe('key frames', () => {
  test('move the boxes between them before anything is sent, and fill the gap', async () => {
    session.go(0)
    key('k')
    session.go(3)
    key('e')
    for (let n = 0; n < 3; n += 1) key('ArrowDown')
    key('e')
    expect([...state().keys.keys()]).toEqual([100, 103])
    const places = (state().film as Film).frames.map((frame) => session.shapeOn(frame)?.y)
    expect(places).toEqual([100, 101, 102, 103])
    expect(key('Enter')).toBe('accepted')
    await settle()
    expect(server.sent[0]?.decision).toMatchObject({ kind: 'reshape', keys: [{ frame: 100 }, { frame: 103, y: 103 }] })
  })

  test('are walked by brackets and taken off by the same key', () => {
    session.go(0)
    key('k')
    session.go(2)
    key('k')
    session.go(1)
    key('[')
    expect(state().at).toBe(0)
    key(']')
    expect(state().at).toBe(2)
    key('k')
    expect([...state().keys.keys()]).toEqual([100])
    expect(key('Mod+z')).toBe('undone')
    expect(state().keys.size).toBe(0)
  })

  test('are walked by E and R in the CVAT profile, where Shift+E edits', () => {
    const cvat: OwnKeys = { ...STOCK_KEYS, profile: 'cvat' }
    session.go(0)
    key('k', cvat)
    session.go(2)
    key('k', cvat)
    expect(key('e', cvat)).toBe('moved')
    expect(state().at).toBe(0)
    key('r', cvat)
    expect(state().at).toBe(2)
    expect(key('Shift+E', cvat)).toBe('editing')
  })

  test('are set by whatever key the person chose', () => {
    const own: OwnKeys = { ...STOCK_KEYS, keys: { 'track-key': ['j'], accept: ['a'] } }
    expect(key('k', own)).toBeNull()
    expect(key('j', own)).toBe('key')
    expect(key('Enter', own)).toBeNull()
    expect(key('a', own)).toBe('accepted')
  })

  test('stay with their track while another is looked at', async () => {
    key('k')
    await session.open(2)
    expect(state().keys.size).toBe(0)
    await session.open(1)
    expect(state().keys.size).toBe(1)
  })
})

describe('what goes wrong', () => {
  test('without a network the decision waits and is sent again as it was', async () => {
    server.answers = [{ kind: 'unreachable' }]
    key('Enter')
    await vi.waitFor(() => expect(state().saving).toBe('offline'))
    await session.sender.flush()
    expect(state().saving).toBe('saved')
    expect(server.sent[1]).toEqual(server.sent[0])
  })

  test('a decision of a page that died is sent by the next one, and an answered one is not', async () => {
    server.answers = [{ kind: 'unreachable' }]
    key('Enter')
    await vi.waitFor(() => expect(state().saving).toBe('offline'))
    session.close()
    session = new TrackSession(server, journal, 7, 'ada')
    await session.start(null)
    expect(server.sent[1]).toEqual(server.sent[0])
    expect(await journal.read('ada')).toEqual([])
    await new TrackSession(server, journal, 7, 'ada').start(null)
    expect(server.sent).toHaveLength(2)
  })

  test('a decision is in the journal before it is sent, another person’s stays there', async () => {
    server.decide = async () => {
      expect(await journal.read('ada')).toMatchObject([{ track: 1, decision: { kind: 'accept' }, refused: null }])
      return { kind: 'unreachable' }
    }
    key('Enter')
    await vi.waitFor(() => expect(state().saving).toBe('offline'))
    const decide = vi.spyOn(server, 'decide')
    await new TrackSession(server, journal, 7, 'grace').start(null)
    expect(decide).not.toHaveBeenCalled()
    expect(await journal.read('ada')).toHaveLength(1)
  })

  test('a refusal that nobody has read is told by the next page, until something else is decided', async () => {
    server.answers = [{ kind: 'refused', code: 'lease_held', detail: 'Grace has it.', frames: [] }]
    key('Enter')
    await vi.waitFor(() => expect(state().trouble).toBe('Grace has it.'))
    session = new TrackSession(server, journal, 7, 'ada')
    await session.start(null)
    expect(state().trouble).toBe('Grace has it.')
    key('Enter')
    await settle()
    expect(await journal.read('ada')).toEqual([])
  })

  test('after a repeated decision only what it can have changed itself counts as seen', () => {
    const films = [film(1, [box('a', 0), box('b', 10)])].map((one) => ({
      ...one,
      frames: one.frames.map((each, n) => ({ ...each, version: 2 + n })),
    }))
    const [seen, before] = [
      new Map([
        [100, 1],
        [101, 1],
      ]),
      new Map([
        [100, 1],
        [101, 1],
      ]),
    ]
    carry(seen, before, { films, duplicate: true })
    expect([...seen.values()]).toEqual([2, 1])
  })

  test('a refusal is told with its frames, shows what the server has, and cannot be undone', async () => {
    server.answers = [{ kind: 'refused', code: 'track_changed', detail: '1 frames changed.', frames: ['frame 1'] }]
    key('Enter')
    await vi.waitFor(() => expect(state().trouble).toBe('1 frames changed. (frame 1)'))
    await vi.waitFor(() => expect(state().film?.id).toBe(1))
    expect(openIn(state().film as Film)).toBe(3)
    expect(session.undo()).toBe(false)
  })

  test('undo names the decision and the versions that it left, and comes back to its track', async () => {
    key('Enter')
    await settle()
    key('Mod+z')
    await settle()
    const [accept, undo] = server.sent.map(({ decision }) => decision)
    expect(undo).toMatchObject({ kind: 'undo', operation: accept?.id, versions: { 100: 2, 103: 2 } })
    await vi.waitFor(() => expect(state().film?.id).toBe(1))
    expect(state().decided).toBe(0)
    key('Mod+Shift+z')
    await settle()
    expect(server.sent[2]?.decision).toMatchObject({ kind: 'undo', operation: undo?.id, versions: { 100: 3 } })
  })

  test('undo after a reload asks the server for the last decision that stands, then for the one before it', async () => {
    const [accept, merge] = ['decision-1', 'decision-2']
    const made = { kind: 'accepted', box: 'a', before: {}, after: {}, created_at: '', changed_by: null }
    server.remembered = [
      { ...made, id: 'op-1', gesture: accept, frame: 100, track: 1 },
      { ...made, id: 'op-2', gesture: accept, frame: 101, track: 1 },
      { ...made, id: 'op-3', gesture: merge, frame: 206, track: 1, before: { track: 2 }, after: { track: 1 } },
    ] as RecentOperation[]
    expect(key('Mod+z')).toBe('earlier')
    expect(await session.undoEarlier()).toBe('undone')
    await settle()
    expect(server.sent[0]).toMatchObject({ track: 2, decision: { kind: 'undo', operation: merge } })
    expect(server.sent[0]?.decision.versions).toMatchObject({ 100: 1, 206: 1 })
    await vi.waitFor(() => expect(state().film?.id).toBe(2))
    expect(key('Mod+Shift+z')).toBe('redone')
    await settle()
    expect(server.sent.at(-1)?.decision.operation).toBe(server.sent[0]?.decision.id)
    key('Mod+z')
    expect(await session.undoEarlier()).toBe('undone')
    await settle()
    expect(server.sent.at(-1)?.decision.operation).toBe(accept)
    expect(await session.undoEarlier()).toBe('nothingEarlier')
    expect(state().decided).toBe(0)
  })

  test('undo after a reload without the server takes nothing back', async () => {
    server.answers = [{ kind: 'unreachable' }, { kind: 'unreachable' }]
    key('Enter')
    await vi.waitFor(() => expect(state().saving).toBe('offline'))
    expect(await session.undoEarlier()).toBe('unreached')
    expect(server.sent.map(({ decision }) => decision.kind)).toEqual(['accept', 'accept'])
  })

  test('what another person changed on a shared frame stays unseen by a decision that waits', async () => {
    const shared = film(1, [box('a', 0)])
    const other = {
      ...film(2, [box('e', 500)]),
      frames: shared.frames.map((one) => ({ ...one, boxes: [box('e', 500)] })),
    }
    server.films.set(1, shared).set(2, other)
    session = new TrackSession(server, journal, 7, 'ada')
    await session.start(1)
    await vi.waitFor(() => expect(boxOn((state().film as Film).frames[0] as never)?.client_id).toBe('a'))
    key('Enter')
    await vi.waitFor(() => expect(state().film?.id).toBe(2))
    await settle()
    key('Enter')
    await settle()
    expect(server.sent[1]?.decision.versions).toEqual({ 100: 2 })
  })
})
