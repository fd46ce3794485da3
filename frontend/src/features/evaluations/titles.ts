/** How an evaluation is called. */
import type { Evaluation } from '../../api/types'
import { versionTitle } from '../models/rows'

/** "night v2 · test". */
export function dataTitle(
  { dataset_version, split }: Pick<Evaluation, 'dataset_version' | 'split'>,
  everySplit: string,
): string {
  return `${versionTitle(dataset_version)} · ${split || everySplit}`
}
