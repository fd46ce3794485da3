/** How often the ledger is asked: every 1.5 s while something runs, else just often enough to notice a start. */
import type { Job, JobState } from '../../api/types'

export const BUSY_MS = 1500
export const IDLE_MS = 15_000

const ACTIVE: readonly JobState[] = ['queued', 'running']

export function isActive(job: Pick<Job, 'state'>): boolean {
  return ACTIVE.includes(job.state)
}

export function pollInterval(jobs: readonly Pick<Job, 'state'>[] | undefined): number {
  return jobs?.some(isActive) ? BUSY_MS : IDLE_MS
}

/** Done in [0, 1]; null when the total is not known yet. */
export function progressOf({ state, done, total }: Pick<Job, 'state' | 'done' | 'total'>): number | null {
  if (state === 'succeeded') return 1
  if (total === null || total === 0) return null
  return Math.min(1, done / total)
}

/** Ids that were active before and are not any more: what they changed must be read again. */
export function finishedSince(before: readonly Job[], after: readonly Job[]): string[] {
  const stillActive = new Set(after.filter(isActive).map((job) => job.id))
  return before.filter((job) => isActive(job) && !stillActive.has(job.id)).map((job) => job.id)
}
