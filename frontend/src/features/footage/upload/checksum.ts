/** The sha256 that the server checks what arrived against. */

/** Above this a digest would hold the whole file in memory; the chunks' offsets then are the only check. */
const MOST_BYTES = 64 * 2 ** 20

/** Hexadecimal digest; null for large files and outside secure contexts, where the browser has no `crypto.subtle`. */
export async function sha256Of(file: Blob): Promise<string | null> {
  if (file.size > MOST_BYTES || !globalThis.crypto?.subtle) return null
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
