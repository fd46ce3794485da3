/** A person's own API tokens. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { components } from '../../api/schema'
import type { ApiToken, NewApiToken } from '../../api/types'
import { notifyError } from '../../ui/notify'

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => api.get<{ results: ApiToken[] }>('/tokens/', { signal }),
})

export function useCreateToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<NewApiToken>('/tokens/', {}),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (key: string) => api.delete(`/tokens/${key}/`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

type ChangeRequest = components['schemas']['TaxonomyChangeWriteRequest']
/** What has a default on the server may be left out. */
export type ChangeWanted = Pick<ChangeRequest, 'kind' | 'category' | 'dry_run'> &
  Partial<Omit<ChangeRequest, 'parts'>> & { parts?: { name: string }[] }
export type TaxonomyPlan = components['schemas']['TaxonomyPlan']
type TaxonomyChange = Required<components['schemas']['TaxonomyChange']>

const LIVE_MS = 2000

export const taxonomyChangesQuery = (taxonomy: number) =>
  queryOptions({
    queryKey: ['taxonomies', taxonomy, 'changes'],
    queryFn: async ({ signal }) =>
      (await api.get<{ results: TaxonomyChange[] }>(`/taxonomies/${taxonomy}/changes/`, { signal })).results,
    refetchInterval: ({ state }) =>
      state.data?.some((change) => change.state === 'asked' || change.state === 'undoing') ? LIVE_MS : false,
  })

export function useTaxonomyChange(taxonomy: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: ChangeWanted) =>
      api.post<components['schemas']['PlannedChange']>(`/taxonomies/${taxonomy}/changes/`, wanted),
    onSuccess: ({ change }) => change && queries.invalidateQueries({ queryKey: ['taxonomies'] }),
  })
}

export function useUndoTaxonomyChange() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => api.post<TaxonomyChange>(`/taxonomy-changes/${id}/undo/`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['taxonomies'] }),
  })
}
