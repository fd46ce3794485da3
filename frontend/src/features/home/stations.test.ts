import { expect, test } from 'vitest'
import type { Overview } from '../../api/types'
import { stationsOf } from './stations'

const OVERVIEW: Overview = {
  footage: { drives: 2, clips: 3, clips_failed: 1, hours: 0.5 },
  frames: { total: 100, new: 20, prelabelled: 50, in_audit: 5, audited: 15, excluded: 10 },
  boxes: { pending: 300, missed_candidate: 12, accepted: 60, edited: 10, rejected: 5 },
  jobs: { queued: 0, running: 0, failed: 0 },
  datasets: { datasets: 1, versions: 0 },
  models: { total: 1 },
  fleet: { devices: 4, online: 1 },
  waiting: [],
}

function station(name: string, overview = OVERVIEW) {
  const found = stationsOf(overview).find((one) => one.name === name)
  if (!found) throw new Error(`No station ${name}`)
  return found
}

test('frames in audit and audited have passed the pre-label station too', () => {
  expect(station('prelabelled')).toMatchObject({ count: 70, detail: { open: '312' } })
  expect(station('prelabelled').share).toBeCloseTo(70 / 90)
})

test('excluded frames are no debt of the audit', () => {
  expect(station('audited').share).toBeCloseTo(15 / 90)
})

test('the loop ends at the devices, of which some are heard', () => {
  expect(station('devices')).toMatchObject({ count: 4, share: 0.25, detail: { online: '1' } })
})

test('an empty workspace has no shares', () => {
  const none = { total: 0, new: 0, prelabelled: 0, in_audit: 0, audited: 0, excluded: 0 }
  expect(station('audited', { ...OVERVIEW, frames: none }).share).toBe(0)
})
