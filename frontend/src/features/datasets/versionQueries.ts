/** What a frozen version tells. It never changes, so what was read once is kept. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type {
  ChangeKind,
  ComparedFrame,
  DataCard,
  ExportLink,
  Lineage,
  ProposedSplits,
  ReadableSplit,
  SplitsWrite,
  VersionComparison,
} from '../../api/types'

export const PAGE = 20

export function cardQuery(version: number) {
  return queryOptions({
    queryKey: ['datasets', 'card', version],
    queryFn: ({ signal }) => api.get<DataCard>(`/dataset-versions/${version}/card/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

export function lineageQuery(version: number) {
  return queryOptions({
    queryKey: ['datasets', 'lineage', version],
    queryFn: ({ signal }) => api.get<Lineage>(`/dataset-versions/${version}/lineage/`, { signal }),
  })
}

export function comparisonQuery(from: number, to: number) {
  return queryOptions({
    queryKey: ['datasets', 'comparison', from, to],
    queryFn: ({ signal }) =>
      api.get<VersionComparison>(`/dataset-versions/${from}/comparison/`, { query: { to }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function comparedFramesQuery(from: number, to: number, kind: ChangeKind, start: number) {
  return queryOptions({
    queryKey: ['datasets', 'comparison', from, to, kind, start],
    queryFn: ({ signal }) =>
      api.get<ComparedFrame[]>(`/dataset-versions/${from}/comparison/frames/`, {
        query: { to, kind, start, size: PAGE },
        signal,
      }),
  })
}

export function useDeleteVersion(version: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(`/dataset-versions/${version}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets', 'list'] }),
  })
}

export function useProposeSplits(dataset: number) {
  return useMutation({
    mutationFn: (values: SplitsWrite) => api.post<ProposedSplits>(`/datasets/${dataset}/splits/`, values),
  })
}

export function useSignedLink(version: number) {
  return useMutation({
    mutationFn: (split: ReadableSplit) =>
      api.post<ExportLink>(`/dataset-versions/${version}/links/`, { what: 'coco', split }),
  })
}

export function cardMarkdownUrl(version: number): string {
  return apiUrl(`/dataset-versions/${version}/card/`, { as: 'markdown' })
}
