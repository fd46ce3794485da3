/** Which pages of this browser are alive: each holds a lock, which the browser lets go when the page dies, however it dies. */

const PREFIX = 'headway-desk:'

/** Hold this page's lock until the returned function is called. Without Web Locks (plain http) nobody counts as alive. */
export function holdTab(tab: string): () => void {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  void navigator.locks?.request(PREFIX + tab, () => held)
  return release
}

export async function livingTabs(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  return new Set(
    held
      .map(({ name }) => name ?? '')
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length)),
  )
}
