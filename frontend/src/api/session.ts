/** Login state that outlives a session: a request that got 401 waits here until somebody has logged in again. */
import { createStore } from 'zustand/vanilla'

interface SessionState {
  /** True while requests wait for a login; the shell then shows the login dialog over the page. */
  loginNeeded: boolean
}

export const session = createStore<SessionState>(() => ({ loginNeeded: false }))

/** Resolves once a login succeeded; rejects when `signal` is aborted first. */
export function loginRenewed(signal?: AbortSignal): Promise<void> {
  session.setState({ loginNeeded: true })
  return new Promise((resolve, reject) => {
    const stop = session.subscribe((state) => {
      if (!state.loginNeeded) settle(resolve)
    })
    const aborted = () => settle(() => reject(signal?.reason))
    const settle = (finish: () => void) => {
      stop()
      signal?.removeEventListener('abort', aborted)
      finish()
    }
    signal?.addEventListener('abort', aborted)
  })
}

/** Lets the waiting requests go on. */
export function loginSucceeded(): void {
  session.setState({ loginNeeded: false })
}
