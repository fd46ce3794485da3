/** Imports and exports as the server knows them; read often while a job is at one. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type { ImportRequest, LabelFormat, LabelImport, Page, VersionExport } from '../../api/types'
import { isActive } from '../jobs/polling'

const BUSY_MS = 1500
const IDLE_MS = 30_000

export const formatsQuery = queryOptions({
  queryKey: ['formats'],
  queryFn: ({ signal }) => api.get<{ results: LabelFormat[] }>('/formats/', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

export function importsQuery(drive: number) {
  return queryOptions({
    queryKey: ['label-imports', 'of', drive],
    queryFn: ({ signal }) => api.get<Page<LabelImport>>('/label-imports/', { query: { drive }, signal }),
    refetchInterval: ({ state }) => (state.data?.results.some(isBusy) ? BUSY_MS : IDLE_MS),
  })
}

export function importQuery(id: number) {
  return queryOptions({
    queryKey: ['label-imports', id],
    queryFn: ({ signal }) => api.get<LabelImport>(`/label-imports/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data) ? BUSY_MS : false),
  })
}

export function isBusy({ state }: Pick<LabelImport, 'state'>): boolean {
  return state === 'surveying' || state === 'importing'
}

/** Look into the file as another format. */
export function useSurvey(id: number) {
  return useImportOrder(id, (format: string) => api.post<LabelImport>(`/label-imports/${id}/survey/`, { format }))
}

/** Bring it in, or try it. */
export function useRunImport(id: number) {
  return useImportOrder(id, (wanted: ImportRequest) => api.post<LabelImport>(`/label-imports/${id}/run/`, wanted))
}

export function useDiscardImport(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(`/label-imports/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['label-imports', 'of'] }),
  })
}

export function exportsQuery(version: number) {
  return queryOptions({
    queryKey: ['version-exports', version],
    queryFn: ({ signal }) => api.get<Page<VersionExport>>(`/dataset-versions/${version}/exports/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.results.some(({ job }) => job && isActive(job)) ? BUSY_MS : false),
  })
}

export function useExport(version: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: { format: string; with_pictures: boolean; blurred: boolean }) =>
      api.post<VersionExport>(`/dataset-versions/${version}/exports/`, wanted),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['version-exports', version] }),
  })
}

export function previewUrl(id: number, number: number): string {
  return apiUrl(`/label-imports/${id}/preview/${number}/`)
}

export function problemsUrl(id: number): string {
  return apiUrl(`/label-imports/${id}/problems/`)
}

export function exportUrl(id: number): string {
  return apiUrl(`/version-exports/${id}/file/`)
}

function useImportOrder<Wanted>(id: number, order: (wanted: Wanted) => Promise<LabelImport>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: order,
    onSuccess: (one) => {
      queries.setQueryData(importQuery(id).queryKey, one)
      return queries.invalidateQueries({ queryKey: ['jobs'] })
    },
  })
}
