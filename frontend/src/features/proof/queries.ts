/** What auditors overlook: measured by blind trials, and how many of these are mixed in. For leads. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { AuditMix, AutoAccept, GoldFrame, Sensitivity } from '../../api/types'

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

/** What a share of wrong labels of at most `alpha` would certify, or the certificate that stands. */
export function autoAcceptQuery(drive: number, alpha: number) {
  return queryOptions({
    queryKey: ['auto-accept', drive, alpha],
    queryFn: ({ signal }) => api.get<AutoAccept>(`/drives/${drive}/auto-accept/`, { query: { alpha }, signal }),
    refetchInterval: ({ state }) => (isRunning(state.data) ? 2000 : false),
  })
}

/** Accept the certified labels, or open all of them again. Both are jobs. */
export function useAutoAccept(drive: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (alpha: number | null) => {
      if (alpha === null) await api.delete(`/drives/${drive}/auto-accept/`)
      else await api.post(`/drives/${drive}/auto-accept/`, { alpha })
    },
    onSuccess: () => Promise.all(CHANGED.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
}

const CHANGED = ['auto-accept', 'audit-bound', 'drives', 'jobs']

function isRunning(told: AutoAccept | undefined): boolean {
  const state = told?.certificate?.job?.state
  return state === 'queued' || state === 'running'
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
