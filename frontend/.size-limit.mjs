/** What a first visit loads before any page: the entry and every chunk it imports statically, from the build's manifest. */
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('dist/.vite/manifest.json', import.meta.url), 'utf8'))

function chunksOf(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const imported of manifest[key].imports ?? []) chunksOf(imported, seen)
  return seen
}

const initial = [...chunksOf('src/main.tsx')].map((key) => `dist/${manifest[key].file}`)

// The words of all rooms but Home come with the first of them.
export default [{ name: 'initial script', path: initial, gzip: true, limit: '230 kB' }]
