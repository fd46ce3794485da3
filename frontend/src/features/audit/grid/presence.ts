/** While the grid is open: a heartbeat, its tab's lock, the network's return, a new login, and frames given back when the page goes. */

import { loginRenewed } from '../../../api/session'
import type { Outbox } from '../saving/outbox'
import { HEARTBEAT_MS } from '../session/presence'
import { holdTab } from '../session/tabs'

export interface GridAttendance {
  /** Frames whose work is saved go back. */
  giveBack(): void
  /** The others are kept. */
  beat(): Promise<void>
}

export function keepGridPresence(
  outbox: Outbox,
  { giveBack, beat }: GridAttendance,
  tab: string,
  signal: AbortSignal,
): void {
  const release = holdTab(tab)
  const timer = setInterval(() => void beat(), HEARTBEAT_MS)
  window.addEventListener('online', () => void outbox.flush(), { signal })
  window.addEventListener('pagehide', giveBack, { signal })
  const stopWatching = outbox.store.subscribe(({ phase }, before) => {
    if (phase === 'signed-out' && before.phase !== phase) void flushAfterLogin(outbox, signal)
  })
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    stopWatching()
    giveBack()
    release()
  })
}

async function flushAfterLogin(outbox: Outbox, signal: AbortSignal): Promise<void> {
  await loginRenewed(signal).catch(() => null)
  if (!signal.aborted) await outbox.flush()
}
