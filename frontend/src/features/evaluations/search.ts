/** What an evaluation's address says: which part is shown, and which errors. */
import { ERROR_KINDS, type ErrorKind } from '../../api/report'

export const PARTS = ['figures', 'curves', 'confusion', 'frames', 'errors'] as const
export type Part = (typeof PARTS)[number]

export interface EvaluationSearch {
  part?: Part
  kind?: ErrorKind
  category?: string
}

export interface CompareSearch {
  /** The first is what the others are compared with. */
  ids: number[]
}

export function evaluationSearch({ part, kind, category }: Record<string, unknown>): EvaluationSearch {
  return {
    ...oneOf('part', part, PARTS),
    ...oneOf('kind', kind, ERROR_KINDS),
    // A number when the address was read: a category may be called "3".
    ...(typeof category === 'string' || typeof category === 'number' ? { category: String(category) } : {}),
  }
}

export function compareSearch({ ids }: Record<string, unknown>): CompareSearch {
  const numbers = (Array.isArray(ids) ? ids : String(ids ?? '').split(',')).map(Number)
  return { ids: [...new Set(numbers.filter((id) => Number.isSafeInteger(id) && id > 0))] }
}

function oneOf<Name extends string, Value extends string>(
  name: Name,
  value: unknown,
  known: readonly Value[],
): Partial<Record<Name, Value>> {
  return known.includes(value as Value) ? ({ [name]: value } as Record<Name, Value>) : {}
}
