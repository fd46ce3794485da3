/** What auditors overlook: measured by blind trials, and how many of these are mixed in. For leads. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { AuditMix, GoldFrame, Sensitivity } from '../../api/types'

export const sensitivityQuery = queryOptions({
  queryKey: ['sensitivity'],
  queryFn: ({ signal }) => api.get<Sensitivity>('/audit/sensitivity/', { signal }),
})

export const mixQuery = queryOptions({
  queryKey: ['audit-mix'],
  queryFn: ({ signal }) => api.get<AuditMix>('/audit/mix/', { signal }),
})

export const goldQuery = queryOptions({
  queryKey: ['gold-frames'],
  queryFn: ({ signal }) => api.get<{ results: GoldFrame[] }>('/gold-frames/', { signal }),
})

export function useSetMix() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (shares: Partial<AuditMix>) => api.patch<AuditMix>('/audit/mix/', shares),
    onSuccess: (mix) => queries.setQueryData(mixQuery.queryKey, mix),
  })
}

/** Vouch for an audited frame, or take that back. */
export function useGold(frame: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (gold: boolean) => {
      if (gold) await api.post(`/frames/${frame}/gold/`, {})
      else await api.delete(`/frames/${frame}/gold/`)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: goldQuery.queryKey }),
  })
}
