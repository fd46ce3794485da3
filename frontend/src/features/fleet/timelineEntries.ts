/** A device's rows by time, the newest first. Evidence stands with its alarm; key frames that follow one another are one row. */
import type { Alarm, Command, Sighting, Uplink } from './types'

export type Entry =
  | { at: string; id: string; alarm: Alarm }
  | { at: string; id: string; uplink: Uplink }
  | { at: string; id: string; run: Uplink[] }
  | { at: string; id: string; sighting: Sighting }
  | { at: string; id: string; command: Command }

export function entriesOf(alarms: Alarm[], uplinks: Uplink[], sightings: Sighting[], commands: Command[]): Entry[] {
  const rows: Entry[] = [
    ...alarms.map((alarm) => ({ at: alarm.at, id: `alarm ${alarm.id}`, alarm })),
    ...uplinks
      .filter(({ trigger }) => trigger !== 'evidence' && !trigger.startsWith('alarm:'))
      .map((uplink) => ({ at: uplink.at, id: `uplink ${uplink.id}`, uplink })),
    ...sightings.map((sighting) => ({ at: sighting.at, id: `sighting ${sighting.id}`, sighting })),
    ...commands.map((command) => ({ at: command.issued_at, id: `command ${command.id}`, command })),
  ]
  return joined(rows.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)))
}

/** Two key frames or more in a row become one, at the newest's time; what was kept between them stands where it ends and breaks no run. */
function joined(rows: Entry[]): Entry[] {
  const found: Entry[] = []
  let run: { at: string; id: string; run: Uplink[] } | undefined
  for (const row of rows) {
    if ('uplink' in row && row.uplink.trigger === 'key') {
      if (!run) {
        run = { at: row.at, id: `run ${row.uplink.id}`, run: [] }
        found.push(run)
      }
      run.run.push(row.uplink)
    } else {
      if (!('sighting' in row)) run = undefined
      found.push(row)
    }
  }
  return found.map((row) => ('run' in row && row.run.length === 1 && row.run[0] ? single(row.run[0]) : row))
}

const single = (uplink: Uplink): Entry => ({ at: uplink.at, id: `uplink ${uplink.id}`, uplink })
