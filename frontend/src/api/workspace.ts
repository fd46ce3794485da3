/** Which workspace the page works in, when the user has several. Kept per browser. */
const KEY = 'headway.workspace'

/** Slug for the `X-Workspace` header; null means the server's default, the user's first. */
export function currentWorkspace(): string | null {
  return localStorage.getItem(KEY)
}

export function chooseWorkspace(slug: string | null): void {
  if (slug) localStorage.setItem(KEY, slug)
  else localStorage.removeItem(KEY)
}
