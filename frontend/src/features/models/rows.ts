/** Models as rows of a table: the figure that speaks for each, what a filter finds, what a column is sorted by. */
import type { Evaluation, ModelVersion } from '../../api/types'
import type { SortValue } from '../../ui/sorting'

export interface Measured {
  AP: number
  /** The evaluation; null when it was measured while it trained. */
  evaluation: Evaluation | null
}

export interface ModelRow {
  model: ModelVersion
  measured: Measured | null
}

export type ModelColumn = 'name' | 'family' | 'parameters' | 'method' | 'data' | 'AP' | 'parent' | 'added'

/** Each model with its newest measured AP; `evaluations` come newest first. */
export function modelRows(models: readonly ModelVersion[], evaluations: readonly Evaluation[]): ModelRow[] {
  return models.map((model) => ({ model, measured: measuredOf(model, evaluations) }))
}

function measuredOf(model: ModelVersion, evaluations: readonly Evaluation[]): Measured | null {
  const newest = evaluations.find((one) => one.model.id === model.id && typeof one.figures?.AP === 'number')
  if (typeof newest?.figures?.AP === 'number') return { AP: newest.figures.AP, evaluation: newest }
  return typeof model.metrics.AP === 'number' ? { AP: model.metrics.AP, evaluation: null } : null
}

/** Those that hold every word of the text, in whichever case. */
export function matching(rows: readonly ModelRow[], text: string): ModelRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(({ model }) => {
    const held = [model.name, model.ref, model.family, model.method, dataOf(model), model.parent?.name, model.notes]
    const whole = held.join(' ').toLowerCase()
    return words.every((word) => whole.includes(word))
  })
}

export function cellOf({ model, measured }: ModelRow, column: ModelColumn): SortValue {
  switch (column) {
    case 'AP':
      return measured?.AP ?? null
    case 'added':
      return Date.parse(model.created_at)
    case 'data':
      return dataOf(model) || null
    case 'parent':
      return model.parent?.name ?? null
    case 'parameters':
      return model.parameters
    default:
      return model[column] || null
  }
}

/** "night v2"; empty when it was trained on no version of this workspace. */
export function dataOf({ dataset_version }: Pick<ModelVersion, 'dataset_version'>): string {
  return dataset_version ? versionTitle(dataset_version) : ''
}

/** How the weights are found; a stored model's is an address that tells a person nothing. */
export function shownRef({ ref }: Pick<ModelVersion, 'ref'>): string {
  return ref.startsWith('stored:') ? '' : ref
}

export function versionTitle({ dataset, number }: NonNullable<ModelVersion['dataset_version']>): string {
  return `${dataset.name} v${number}`
}
