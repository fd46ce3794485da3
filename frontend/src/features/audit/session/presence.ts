/** Being there: leases renewed while the person works, frames given back when the page goes, and the network's return noticed. */

import { loginRenewed } from '../../../api/session'
import type { Outbox } from '../saving/outbox'
import type { DeskApi } from './deskApi'
import { holdTab } from './tabs'

const HEARTBEAT_MS = 30_000
/** Who has not touched anything for so long has left: the lease may lapse. */
const AWAY_AFTER_MS = 10 * 60_000

export interface Present {
  /** Frames that the person holds and has not finished. */
  openFrames(): number[]
  /** Milliseconds since the person last did something. */
  idleMs(): number
  /** Others may have these now. */
  lost(frames: readonly number[]): void
  /** The network is back, or may be. */
  reconnect(): void
}

/** Keep presence until `signal` aborts. */
export function keepPresence(api: DeskApi, outbox: Outbox, present: Present, tab: string, signal: AbortSignal): void {
  const release = holdTab(tab)
  const giveBack = (): void => {
    void api.release(untouched(outbox, present.openFrames())).catch(() => null)
  }
  const timer = setInterval(() => void heartbeat(api, outbox, present), HEARTBEAT_MS)
  window.addEventListener('online', () => present.reconnect(), { signal })
  window.addEventListener('pagehide', giveBack, { signal })
  window.addEventListener('beforeunload', (event) => warnOfLoss(outbox, event), { signal })
  const stopWatching = outbox.store.subscribe(({ phase }, before) => {
    if (phase === 'signed-out' && before.phase !== phase) void awaitLogin(outbox, signal)
  })
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    stopWatching()
    giveBack()
    release()
  })
}

async function heartbeat(api: DeskApi, outbox: Outbox, present: Present): Promise<void> {
  const frames = present.openFrames()
  if (frames.length === 0 || present.idleMs() > AWAY_AFTER_MS) return
  const { lost } = await api.heartbeat(frames).catch(() => ({ lost: [] }))
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
