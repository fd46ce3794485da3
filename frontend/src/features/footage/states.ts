/** The states of a drive's frames, in the order of the work, with the colours that the whole page uses for them. */
import type { DriveCounts, FrameState } from '../../api/types'

export type CountedState = 'new' | 'prelabelled' | 'in_audit' | 'audited' | 'excluded'

export const STATE_COLOURS: Record<FrameState, string> = {
  new: 'var(--headway-new)',
  prelabelled: 'var(--headway-prelabelled)',
  in_audit: 'var(--headway-in-audit)',
  reopened: 'var(--headway-in-audit)',
  audited: 'var(--headway-audited)',
  excluded: 'var(--headway-excluded)',
}

const ORDER: readonly CountedState[] = ['audited', 'in_audit', 'prelabelled', 'new', 'excluded']

export function stateShares(
  counts: DriveCounts,
  label: (state: CountedState) => string,
): { label: string; count: number; colour: string }[] {
  return ORDER.map((state) => ({ label: label(state), count: counts[state], colour: STATE_COLOURS[state] }))
}

/** Frames that wait for an audit. */
export function openFrames({ prelabelled, in_audit }: DriveCounts): number {
  return prelabelled + in_audit
}
