/** The registry: what a workspace can label with. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { ModelVersion, Page } from '../../api/types'

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.get<Page<ModelVersion>>('/models/', { query: { page_size: 500 }, signal }),
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
