/** The annotator's guide names the keys that the desk has. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { KEYED } from './keyed'

const guide = readFileSync(resolve('../docs/guide/annotator.md'), 'utf8')

/** What a row or a sentence says -> the commands of its keys, in their order. */
const SAID: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^\| (.+) \| accept, and on/m, ['accept']],
  [/^\| (.+) \| reject/m, ['reject']],
  [/^\| (.+), then drag \| draw a box/m, ['draw-box']],
  [/^\| (.+), then arrows \| edit the box/m, ['edit-box']],
  [/^\| (.+) \| unsure/m, ['unsure']],
  [/^\| (.+) \| occluded, cut by the edge, a crowd/m, ['flag-occluded', 'flag-truncated', 'flag-crowd']],
  [/^\| (.+) \| accept the rest/m, ['accept-rest']],
  [/^\| (.+) \| next frame, previous frame, leave/m, ['next-frame', 'previous-frame', 'skip-frame']],
  [/^\| (.+) \| undo/m, ['undo']],
  [/^\| (.+) \| write a comment/m, ['pin-comment']],
  [/^\| (.+) \| all keys, change them, find/m, ['help', 'change-keys', 'palette']],
  [/Dark frame: (.+) lifts/, ['lift-shadows']],
  [/Small object: hold (.+) for original/, ['one-to-one']],
  [/Too many boxes: (.+) hide those/, ['raise-risk', 'raise-score']],
  [/low risk or score, (.+) bring them back/, ['lower-risk', 'lower-score']],
  [/\*\*Category grid\*\* \((.+?)\)/, ['category-grid']],
  [/\*\*Tracks\*\* \((.+?)\)/, ['track-film']],
]

test.each(SAID)('%s', (pattern, ids) => {
  const told = [...(pattern.exec(guide)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, key = '']) => key.toLowerCase())
  const keysOf = (id: string) => KEYED.find((command) => command.id === id)?.keys ?? []
  const own = ids.map((id) => keysOf(id).map((key) => key.replace('Mod', 'Ctrl').toLowerCase()))
  expect(told.length).toBe(ids.length)
  for (const [at, keys] of own.entries()) expect(keys).toContain(told[at])
})
