/** Who labelled a frame, and two of them set against each other. History grows, so both are asked for each time. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../api/client'
import type { LabelComparison, LabelSource } from '../../../api/types'

export function sourcesQuery(frame: number) {
  return queryOptions({
    queryKey: ['label-sources', frame],
    queryFn: ({ signal }) => api.get<{ results: LabelSource[] }>(`/frames/${frame}/label-sources/`, { signal }),
    staleTime: 0,
  })
}

export function comparisonQuery(frame: number, a: string | null, b: string | null) {
  return queryOptions({
    queryKey: ['comparison', frame, a, b],
    queryFn: ({ signal }) => api.get<LabelComparison>(`/frames/${frame}/comparison/`, { signal, query: { a, b } }),
    enabled: a !== null && b !== null,
    staleTime: 0,
  })
}
