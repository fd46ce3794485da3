/** Which drives go into a version, and into which split. A drive is in one split only: neighbouring frames never straddle. */
import type { Drive, Split, VersionWrite } from '../../api/types'

export type Chosen = ReadonlyMap<number, Split>

/** Puts a drive into a split; null takes it out. */
export function placed(chosen: Chosen, drive: number, split: Split | null): Chosen {
  const next = new Map(chosen)
  if (split) next.set(drive, split)
  else next.delete(drive)
  return next
}

export function placesOf(chosen: Chosen): VersionWrite['drives'] {
  return Array.from(chosen, ([drive, split]) => ({ drive, split }))
}

/** Frames of a drive that the version would hold. TrainPseudo takes what is labelled and not audited, TrainGT and Test what is. */
export function framesOf({ counts }: Pick<Drive, 'counts'>, includeUnaudited: boolean, split?: Split): number {
  if (split === 'TrainPseudo') return counts.prelabelled + counts.in_audit
  const auditedOnly = split === 'TrainGT' || split === 'Test' || !includeUnaudited
  return auditedOnly ? counts.audited : counts.frames - counts.excluded
}

export function framesChosen(drives: readonly Drive[], chosen: Chosen, includeUnaudited: boolean): number {
  return drives
    .filter(({ id }) => chosen.has(id))
    .reduce((sum, drive) => sum + framesOf(drive, includeUnaudited, chosen.get(drive.id)), 0)
}
