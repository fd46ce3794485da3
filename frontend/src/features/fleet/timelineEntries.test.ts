import { expect, test } from 'vitest'
import { entriesOf } from './timelineEntries'
import type { Alarm, Command, Sighting, Uplink } from './types'

const at = (second: number) => new Date(second * 1000).toISOString()
const uplink = (id: number, trigger: string) => ({ id, trigger, at: at(id) }) as Uplink
const names = (uplinks: Uplink[], sightings: Sighting[] = [], commands: Command[] = []) =>
  entriesOf([], uplinks, sightings, commands).map((entry) =>
    'run' in entry ? entry.run.map(({ id }) => id) : 'uplink' in entry ? entry.uplink.id : entry.id,
  )

test('key frames are one row, the newest first, whatever else came up between them', () => {
  expect(names([uplink(1, 'key'), uplink(2, 'unsure'), uplink(4, 'key')])).toEqual([[4, 1], 2])
})

test('a clip is one row, another one is not', () => {
  const clips = [1, 2, 4, 9, 10].map((second) => uplink(second, 'clip'))
  expect(names([...clips, uplink(3, 'unsure')])).toEqual([[10, 9], [4, 2, 1], 3])
})

test('a clip that is an alarm’s evidence stands with the alarm', () => {
  const alarm = { id: 1, at: at(5), evidence: [{ frame: 7, at: at(5) }] } as Alarm
  const rows = entriesOf([alarm], [{ ...uplink(5, 'clip'), frame: 7 }], [], [])
  expect(rows.map(({ id }) => id)).toEqual(['alarm 1'])
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
