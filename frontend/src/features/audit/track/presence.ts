/** While track mode is open: what waits is sent when the network or the login is back; where the browser keeps no journal, nobody leaves it behind unasked. */

import { loginRenewed } from '../../../api/session'
import { holdTab } from '../session/tabs'
import type { TrackSession } from './TrackSession'

export function keepTrackPresence(session: TrackSession): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const release = holdTab(session.tab)
  window.addEventListener('online', () => void session.sender.flush(), { signal })
  window.addEventListener(
    'beforeunload',
    (event) => {
      if (session.sender.waiting.length > 0 && !session.sender.journalled) event.preventDefault()
    },
    { signal },
  )
  const stopWatching = session.store.subscribe(({ saving }, before) => {
    if (saving === 'signed-out' && before.saving !== saving) void flushAfterLogin(session, signal)
  })
  return () => {
    stop.abort()
    stopWatching()
    release()
  }
}

async function flushAfterLogin(session: TrackSession, signal: AbortSignal): Promise<void> {
  await loginRenewed(signal).catch(() => null)
  if (!signal.aborted) await session.sender.flush()
}
