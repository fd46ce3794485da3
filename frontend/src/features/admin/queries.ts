/** A person's own API tokens. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
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
