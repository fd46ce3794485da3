import { expect, test } from 'vitest'
import { entriesOf } from './timelineEntries'
import type { Command, Sighting, Uplink } from './types'

const at = (second: number) => new Date(second * 1000).toISOString()
const uplink = (id: number, trigger: string) => ({ id, trigger, at: at(id) }) as Uplink
const names = (uplinks: Uplink[], sightings: Sighting[] = [], commands: Command[] = []) =>
  entriesOf([], uplinks, sightings, commands).map((entry) =>
    'run' in entry ? entry.run.map(({ id }) => id) : 'uplink' in entry ? entry.uplink.id : entry.id,
  )

test('key frames in a row are one row, the newest first', () => {
  expect(names([uplink(1, 'key'), uplink(2, 'key'), uplink(3, 'unsure'), uplink(4, 'key')])).toEqual([4, 3, [2, 1]])
})

test('what was kept between key frames breaks no run, an order does', () => {
  const kept = { id: 9, at: at(2) } as Sighting
  const order = { id: 'o', issued_at: at(2) } as Command
  const two = [uplink(1, 'key'), uplink(3, 'key')]
  expect(names(two, [kept])).toEqual([[3, 1], 'sighting 9'])
  expect(names(two, [], [order])).toEqual([3, 'command o', 1])
})

test('evidence is no row of its own', () => {
  expect(names([uplink(1, 'evidence'), uplink(2, 'alarm:fcw')])).toEqual([])
})
