/** Datasets and their versions; a version that is being frozen is read until it is done. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type {
  Dataset,
  DatasetVersion,
  DatasetWrite,
  Page,
  ReadableSplit,
  Split,
  VersionBrief,
  VersionWrite,
} from '../../api/types'

const FREEZING_MS = 1500

export const PLAIN: readonly Split[] = ['train', 'val', 'test']
export const GDDA: readonly Split[] = ['TrainGT', 'TrainPseudo', 'Test']
export const SPLITS: readonly Split[] = [...PLAIN, ...GDDA]

/** What a version can be read as: its splits, and the whole of the two that are trained on. */
export function readableSplits({ splits = {} }: DatasetVersion['summary']): ReadableSplit[] {
  const own = SPLITS.filter((split) => splits[split])
  return own.some((split) => split === 'TrainGT' || split === 'TrainPseudo') ? [...own, 'Full'] : own
}

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

export function cocoUrl(version: number, split: ReadableSplit): string {
  return apiUrl(`/dataset-versions/${version}/coco/`, { split })
}

export function imagesUrl(version: number, split: ReadableSplit): string {
  return apiUrl(`/dataset-versions/${version}/images/`, { split })
}
