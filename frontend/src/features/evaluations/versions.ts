/** What a model can be measured on: frozen versions, and those of their splits that have frames. */
import type { Dataset, Split } from '../../api/types'
import { SPLITS } from '../datasets/queries'

export interface FrozenVersion {
  id: number
  title: string
  /** Frames by split; those without any are left out. */
  frames: Partial<Record<Split, number>>
}

export interface SplitChoice {
  /** Empty for all of them. */
  name: Split | ''
  frames: number
}

/** The newest of each dataset first. */
export function frozenVersions(datasets: readonly Dataset[]): FrozenVersion[] {
  return datasets.flatMap(({ name, versions }) =>
    versions
      .filter(({ state }) => state === 'frozen')
      .sort((a, b) => b.number - a.number)
      .map(({ id, number, summary }) => ({ id, title: `${name} v${number}`, frames: framesBySplit(summary.splits) })),
  )
}

function framesBySplit(splits: Partial<Record<Split, { frames: number }>> = {}): FrozenVersion['frames'] {
  const counts = SPLITS.map((split) => [split, splits[split]?.frames ?? 0] as const)
  return Object.fromEntries(counts.filter(([, frames]) => frames > 0))
}

export function splitsOf({ frames }: FrozenVersion): SplitChoice[] {
  const single = SPLITS.flatMap((name) => (frames[name] ? [{ name, frames: frames[name] }] : []))
  const total = single.reduce((sum, split) => sum + split.frames, 0)
  return single.length > 1 ? [...single, { name: '', frames: total }] : single
}

/** What nobody has trained or chosen a threshold on, where there is some. */
export function usualSplit(splits: readonly SplitChoice[]): Split | '' {
  const names = splits.map(({ name }) => name)
  return (
    (['test', 'Test', 'val', 'train', 'TrainGT', 'TrainPseudo'] as const).find((name) => names.includes(name)) ?? ''
  )
}
