// @vitest-environment jsdom
/** Nothing that is drawn before a room's words have come says a word of theirs. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import i18next from 'i18next'
import { expect, test } from 'vitest'
import { roomWords, wordsAreThere } from '.'
import { first } from './en/first'
import { rooms } from './en/rooms'

const SOURCES = resolve('src')
const router = readFileSync(join(SOURCES, 'app/router.tsx'), 'utf8')
/** The pages that wait for no words but the first. */
const PAGES = [...router.matchAll(/lazyRouteComponent\(\(\) => import\('\.\.\/(features\/[^']+)'\)/g)].map(
  ([, page]) => `${page}.tsx`,
)

function fileOf(from: string, to: string): string | undefined {
  const path = join(dirname(from), to)
  return ['.ts', '.tsx', '/index.ts'].map((end) => path + end).find((each) => existsSync(each))
}

/** A file and all that it imports, types and words left out; of a page also what it loads later. */
function reached(file: string, later: boolean, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const now = /^(?:import|export)(?! type)[^'"]*?'(\.[^']+)'/gm
  const then = /import\('(\.[^']+)'\)/g
  for (const [, to = ''] of [...text.matchAll(now), ...(later ? text.matchAll(then) : [])]) {
    const found = fileOf(file, to)
    if (found && !found.includes('/i18n/')) reached(found, later, seen)
  }
  return seen
}

/** "home.title" and the like, in quotes of any kind. */
function blocksIn(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/['"`]([a-zA-Z]+)\.[\w$]/g)].map(([, block]) => block ?? '')
}

test('the pages that wait for no words are these two', () => {
  expect(PAGES).toEqual(['features/session/LoginPage.tsx', 'features/home/HomePage.tsx'])
})

test.each(['main.tsx', ...PAGES])('%s says first words alone', (page) => {
  const files = [...reached(join(SOURCES, page), page !== 'main.tsx')]
  const said = files.flatMap((file) => blocksIn(file).map((block) => ({ file, block })))
  expect(said.some(({ block }) => block in first)).toBe(true)
  expect(said.filter(({ block }) => block in rooms)).toEqual([])
})

test('the words of the rooms come when they are asked for, in every language', async () => {
  await wordsAreThere
  expect(i18next.exists('fleet.title')).toBe(false)
  await roomWords()
  expect(i18next.t('fleet.title')).toBe(rooms.fleet.title)
  expect(i18next.t('shell.home')).toBe(first.shell.home)
})
