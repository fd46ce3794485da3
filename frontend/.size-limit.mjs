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

// 250 until the words of all rooms, some 30 kB of it, had grown past it; they should come with their rooms.
export default [{ name: 'initial script', path: initial, gzip: true, limit: '255 kB' }]
