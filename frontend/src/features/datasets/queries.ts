/** Datasets and their versions; a version that is being frozen is read until it is done. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type { Dataset, DatasetVersion, DatasetWrite, Page, Split, VersionBrief, VersionWrite } from '../../api/types'

const FREEZING_MS = 1500

export const SPLITS: readonly Split[] = ['train', 'val', 'test']

const isFreezing = ({ state }: Pick<VersionBrief, 'state'>) => state === 'freezing'

export const datasetsQuery = queryOptions({
  queryKey: ['datasets', 'list'],
  queryFn: ({ signal }) => api.get<Page<Dataset>>('/datasets/', { query: { page_size: 500 }, signal }),
})

export function datasetQuery(id: number) {
  return queryOptions({
    queryKey: ['datasets', id],
    queryFn: ({ signal }) => api.get<Dataset>(`/datasets/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.versions.some(isFreezing) ? FREEZING_MS : false),
  })
}

export function versionQuery(id: number) {
  return queryOptions({
    queryKey: ['datasets', 'version', id],
    queryFn: ({ signal }) => api.get<DatasetVersion>(`/dataset-versions/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && isFreezing(state.data) ? FREEZING_MS : false),
  })
}

export function useCreateDataset() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: DatasetWrite) => api.post<Dataset>('/datasets/', values),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets'] }),
  })
}

export function useFreezeVersion(dataset: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: VersionWrite) => api.post<DatasetVersion>(`/datasets/${dataset}/versions/`, values),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  })
}

export function cocoUrl(version: number, split: Split): string {
  return apiUrl(`/dataset-versions/${version}/coco/`, { split })
}

export function imagesUrl(version: number, split: Split): string {
  return apiUrl(`/dataset-versions/${version}/images/`, { split })
}
