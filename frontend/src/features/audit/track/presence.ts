/** While track mode is open: what waits is sent when the network or the login is back, and nobody leaves it behind unasked. */

import { loginRenewed } from '../../../api/session'
import type { TrackSession } from './TrackSession'

export function keepTrackPresence(session: TrackSession): () => void {
  const stop = new AbortController()
  const { signal } = stop
  window.addEventListener('online', () => void session.sender.flush(), { signal })
  window.addEventListener(
    'beforeunload',
    (event) => {
      if (session.sender.waiting.length > 0) event.preventDefault()
    },
    { signal },
  )
  const stopWatching = session.store.subscribe(({ saving }, before) => {
    if (saving === 'signed-out' && before.saving !== saving) void flushAfterLogin(session, signal)
  })
  return () => {
    stop.abort()
    stopWatching()
  }
}

async function flushAfterLogin(session: TrackSession, signal: AbortSignal): Promise<void> {
  await loginRenewed(signal).catch(() => null)
  if (!signal.aborted) await session.sender.flush()
}
