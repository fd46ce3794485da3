/** When the browser has nothing else to do; Safari does not tell, there it is soon. */

const SOON_MS = 50
const tells = 'requestIdleCallback' in globalThis

export const whenIdle = (work: () => void): number =>
  tells ? requestIdleCallback(work) : window.setTimeout(work, SOON_MS)

export const cancelIdle = (request: number): void =>
  tells ? cancelIdleCallback(request) : window.clearTimeout(request)
