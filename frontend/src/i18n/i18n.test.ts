/** What is translated is translated whole: a page half in English is worse than one in English. */

import { describe, expect, test } from 'vitest'
import { KEYED } from '../editor/keys/keyed'
import { en } from './en'
import { zh } from './zh'

/** "audit.unsent": plurals count as one, as languages have different numbers of them. */
function pathsOf(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'object' ? pathsOf(value, `${path}${name}.`) : [`${path}${name.replace(/_(one|other)$/, '')}`],
  )
}

const unique = (paths: readonly string[]): string[] => [...new Set(paths)].sort()
const { commands, commandGroups, ...blocks } = zh

describe('Chinese', () => {
  test.each(Object.keys(blocks) as (keyof typeof blocks)[])('has every word of "%s", and no other', (block) => {
    expect(unique(pathsOf(blocks[block]))).toEqual(unique(pathsOf(en[block])))
  })

  test('has every room', () => {
    expect(Object.keys(blocks).sort()).toEqual(Object.keys(en).sort())
  })

  test('has the plural that it uses', () => {
    const plurals = (words: object): string[] => JSON.stringify(words).match(/"\w+_(one|other)":/g) ?? []
    for (const name of plurals(blocks).filter((name) => name.includes('_one')))
      expect(plurals(blocks)).toContain(name.replace('_one', '_other'))
  })
})

describe('the commands', () => {
  const titles: Readonly<Record<string, { title: string; hint?: string }>> = commands

  test('all have a Chinese title, and a Chinese hint where they have one', () => {
    const untold = KEYED.filter(({ id }) => !/[\u4e00-\u9fff]/.test(titles[id]?.title ?? ''))
    expect(untold.map(({ id }) => id)).toEqual([])
    const hinted = KEYED.filter((command) => 'hint' in command && command.hint && !titles[command.id]?.hint)
    expect(hinted.map(({ id }) => id)).toEqual([])
  })

  test('that are gone have left no words behind', () => {
    const ids = new Set(KEYED.map(({ id }) => id))
    expect(Object.keys(titles).filter((id) => !ids.has(id))).toEqual([])
    expect(unique(KEYED.map(({ group }) => group))).toEqual(unique(Object.keys(commandGroups)))
  })
})
