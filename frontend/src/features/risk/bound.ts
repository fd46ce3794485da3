/** What the random sample of a drive says about its labels, and when another is worth drawing. */
import type { AuditBound } from '../../api/types'

export type Known = 'undrawn' | 'unseen' | 'atMost'
export type Outlook = 'enough' | 'replaced' | 'never' | 'further' | 'furtherThanDrawn'

export function knownOf({ sample, upper }: AuditBound): Known {
  if (sample === null) return 'undrawn'
  return upper === null ? 'unseen' : 'atMost'
}

/** How far it is to the target; null before anything was drawn. */
export function outlookOf(bound: AuditBound): Outlook | null {
  const { sample, replaced, further, size, seen } = bound
  if (sample === null) return null
  if (isEnough(bound)) return 'enough'
  if (replaced) return 'replaced'
  if (further === null) return 'never'
  return further > size - seen ? 'furtherThanDrawn' : 'further'
}

/** By what auditors overlook, once that is measured. */
export function isEnough({ enough, corrected, certified }: AuditBound): boolean {
  return corrected === null ? enough : certified
}

/** Each sample of a drive is held to more than the one before: another is offered only where this one leads nowhere. */
export function mayDraw(bound: AuditBound): boolean {
  const outlook = outlookOf(bound)
  return outlook === null || outlook === 'replaced' || (outlook !== 'enough' && bound.seen === bound.size)
}

/** "1.8 %", rounded up: a bound shown lower than it is would be none. */
export function percentUp(share: number): string {
  return `${(Math.ceil(share * 1000 - 1e-9) / 10).toFixed(1)} %`
}
