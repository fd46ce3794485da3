/** While the grid is open: its tab's lock, the network's return, a new login, and frames given back when the page goes. */

import { loginRenewed } from '../../../api/session'
import type { Outbox } from '../saving/outbox'
import { holdTab } from '../session/tabs'

export function keepGridPresence(outbox: Outbox, giveBack: () => void, tab: string, signal: AbortSignal): void {
  const release = holdTab(tab)
  window.addEventListener('online', () => void outbox.flush(), { signal })
  window.addEventListener('pagehide', giveBack, { signal })
  const stopWatching = outbox.store.subscribe(({ phase }, before) => {
    if (phase === 'signed-out' && before.phase !== phase) void flushAfterLogin(outbox, signal)
  })
  signal.addEventListener('abort', () => {
    stopWatching()
    giveBack()
    release()
  })
}

async function flushAfterLogin(outbox: Outbox, signal: AbortSignal): Promise<void> {
  await loginRenewed(signal).catch(() => null)
  if (!signal.aborted) await outbox.flush()
}
