/** The registry: what a workspace can label with, and which of it serves. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type { ModelDetail, ModelVersion, Page, Promotion } from '../../api/types'
import { isActive, pollInterval } from '../jobs/polling'

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.get<Page<ModelVersion>>('/models/', { query: { page_size: 500 }, signal }),
})

/** Read again while one of its evaluations runs. */
export function modelQuery(id: number) {
  return queryOptions({
    queryKey: ['models', id],
    queryFn: ({ signal }) => api.get<ModelDetail>(`/models/${id}/`, { signal }),
    refetchInterval: ({ state }) => {
      const jobs = (state.data?.evaluations ?? []).flatMap(({ job }) => job ?? [])
      return jobs.some(isActive) ? pollInterval(jobs) : false
    },
  })
}

export const promotionsQuery = queryOptions({
  queryKey: ['models', 'promotions'],
  queryFn: ({ signal }) => api.get<{ results: Promotion[] }>('/promotions/', { signal }),
})

export interface ModelWrite {
  name: string
  ref: string
  notes: string
}

export function useAddModel() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: ModelWrite) => api.post<ModelVersion>('/models/', values),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['models'] }),
  })
}

export function usePromote(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: { note: string }) => api.post<Promotion>(`/models/${id}/promote/`, values),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['models'] }),
  })
}

export function downloadUrl(model: number): string {
  return apiUrl(`/models/${model}/download/`)
}
