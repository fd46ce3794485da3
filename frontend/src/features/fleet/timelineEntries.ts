/** A device's rows by time, the newest first. Evidence stands with its alarm; key frames that follow one another, and a clip, are one row. */
import type { Alarm, Command, Sighting, Uplink } from './types'

const CLIP_GAP_S = 2 // the device keeps two pictures a second

export type Entry =
  | { at: string; id: string; alarm: Alarm }
  | { at: string; id: string; uplink: Uplink }
  | { at: string; id: string; run: Uplink[] }
  | { at: string; id: string; sighting: Sighting }
  | { at: string; id: string; command: Command }

export function entriesOf(alarms: Alarm[], uplinks: Uplink[], sightings: Sighting[], commands: Command[]): Entry[] {
  const evidence = new Set<number | null>(alarms.flatMap((alarm) => alarm.evidence.map(({ frame }) => frame)))
  const rows: Entry[] = [
    ...alarms.map((alarm) => ({ at: alarm.at, id: `alarm ${alarm.id}`, alarm })),
    ...uplinks
      .filter(({ trigger, frame }) => trigger !== 'evidence' && !trigger.startsWith('alarm:') && !evidence.has(frame))
      .map((uplink) => ({ at: uplink.at, id: `uplink ${uplink.id}`, uplink })),
    ...sightings.map((sighting) => ({ at: sighting.at, id: `sighting ${sighting.id}`, sighting })),
    ...commands.map((command) => ({ at: command.issued_at, id: `command ${command.id}`, command })),
  ]
  return joined(rows.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)))
}

type Run = { at: string; id: string; run: Uplink[] }

/**
 * Key frames become one row, until an alarm or an order; a clip becomes one, whatever lies between its frames. A row stands at its
 * newest frame's time. One frame alone stays a frame.
 */
function joined(rows: Entry[]): Entry[] {
  const found: Entry[] = []
  let keys: Run | undefined
  let clip: Run | undefined
  const begun = (uplink: Uplink): Run => {
    const run = { at: uplink.at, id: `run ${uplink.id}`, run: [] }
    found.push(run)
    return run
  }
  for (const row of rows) {
    if ('uplink' in row && row.uplink.trigger === 'key') {
      keys ??= begun(row.uplink)
      keys.run.push(row.uplink)
    } else if ('uplink' in row && row.uplink.trigger === 'clip') {
      if (!clip || secondsBetween(row.uplink, clip.run.at(-1)) > CLIP_GAP_S) clip = begun(row.uplink)
      clip.run.push(row.uplink)
    } else {
      if ('alarm' in row || 'command' in row) keys = undefined
      found.push(row)
    }
  }
  return found.map((row) => ('run' in row && row.run.length === 1 && row.run[0] ? single(row.run[0]) : row))
}

const secondsBetween = (earlier: Uplink, later = earlier): number =>
  (Date.parse(later.at) - Date.parse(earlier.at)) / 1000
const single = (uplink: Uplink): Entry => ({ at: uplink.at, id: `uplink ${uplink.id}`, uplink })
