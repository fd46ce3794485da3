/** Being there: leases renewed while the person works, frames given back when the page goes, and the network's return noticed. */

import { loginRenewed } from '../../../api/session'
import type { Present } from '../../../api/types'
import type { Outbox } from '../saving/outbox'
import type { DeskApi } from './deskApi'
import { holdTab } from './tabs'

export const HEARTBEAT_MS = 30_000
/** Who has not touched anything for so long has left: the lease may lapse. */
export const AWAY_AFTER_MS = 10 * 60_000
/** The first one soon, so that others are seen without waiting; after the first picture, which comes before all else. */
const FIRST_MS = 2_000

export interface Attendance {
  /** Frames that the person holds and has not finished. */
  openFrames(): number[]
  /** The frame on the stage. */
  at(): number | null
  /** Who else is here. */
  others(people: readonly Present[]): void
  /** Milliseconds since the person last did something. */
  idleMs(): number
  /** Others may have these now. */
  lost(frames: readonly number[]): void
  /** The network is back, or may be. */
  reconnect(): void
}

/** Keep presence until `signal` aborts. */
export function keepPresence(
  api: DeskApi,
  outbox: Outbox,
  present: Attendance,
  tab: string,
  signal: AbortSignal,
): void {
  const release = holdTab(tab)
  const giveBack = (): void => {
    void api.release(untouched(outbox, present.openFrames())).catch(() => null)
  }
  const timer = setInterval(() => void heartbeat(api, outbox, present), HEARTBEAT_MS)
  const first = setTimeout(() => void heartbeat(api, outbox, present), FIRST_MS)
  window.addEventListener('online', () => present.reconnect(), { signal })
  window.addEventListener('pagehide', giveBack, { signal })
  window.addEventListener('beforeunload', (event) => warnOfLoss(outbox, event), { signal })
  const stopWatching = outbox.store.subscribe(({ phase }, before) => {
    if (phase === 'signed-out' && before.phase !== phase) void awaitLogin(outbox, signal)
  })
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(first)
    stopWatching()
    giveBack()
    release()
  })
}

async function heartbeat(api: DeskApi, outbox: Outbox, present: Attendance): Promise<void> {
  const [frames, at] = [present.openFrames(), present.at()]
  if ((frames.length === 0 && at === null) || present.idleMs() > AWAY_AFTER_MS) return
  const answer = await api.heartbeat(frames, at).catch(() => null)
  if (answer) present.others(answer.others)
  const { lost } = answer ?? { lost: [] }
  const gone = untouched(outbox, lost)
  if (gone.length > 0) present.lost(gone)
}

/** The shell asks for the password over the page; then what waits is sent. */
async function awaitLogin(outbox: Outbox, signal: AbortSignal): Promise<void> {
  await loginRenewed(signal).catch(() => null)
  if (!signal.aborted) await outbox.flush()
}

/** Only where the browser stores nothing: otherwise the journal keeps what waits, and nobody needs to be asked. */
function warnOfLoss(outbox: Outbox, event: BeforeUnloadEvent): void {
  const { waiting, journalled } = outbox.store.getState()
  if (waiting > 0 && !journalled) event.preventDefault()
}

/** Frames with work that waits to be sent stay with the person. */
const untouched = (outbox: Outbox, frames: readonly number[]): number[] =>
  frames.filter((frame) => outbox.stepsOf(frame).length === 0)
