/** Second opinions: what is to be settled, and how far people agree. For leads. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Agreement, Disagreement, OpinionVerdict, Page } from '../../api/types'

const DAYS = 30

export const disagreementsQuery = queryOptions({
  queryKey: ['disagreements'],
  queryFn: ({ signal }) => api.get<Page<Disagreement>>('/disagreements/', { query: { page_size: 200 }, signal }),
})

export const agreementQuery = queryOptions({
  queryKey: ['agreement'],
  queryFn: ({ signal }) => api.get<Agreement>('/audit/agreement/', { query: { days: DAYS }, signal }),
})

/** A verdict, or null to take it back. The list is asked for again whatever came of it. */
export function useSettle() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, verdict }: { id: number; verdict: OpinionVerdict | null }) =>
      verdict === null
        ? api.delete(`/disagreements/${id}/verdict/`)
        : api.post<Disagreement>(`/disagreements/${id}/verdict/`, { verdict }),
    onSettled: () =>
      Promise.all([['disagreements'], ['agreement']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
}
