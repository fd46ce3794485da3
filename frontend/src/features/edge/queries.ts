/** Exports for devices; what still runs is asked for until it ends. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type {
  EdgeExport,
  EdgeManifest,
  EdgeTarget,
  FrameDetail,
  FrameRow,
  Page,
  SizeFiguresTold,
} from '../../api/types'
import { isActive, pollInterval } from '../jobs/polling'
import type { Budget } from './sizes'

/** Those of one model, or of all, the newest first. */
export function edgeExportsQuery(model?: number) {
  return queryOptions({
    queryKey: ['edge-exports', model ?? 'all'],
    queryFn: ({ signal }) => api.get<Page<EdgeExport>>('/edge-exports/', { query: { model, page_size: 500 }, signal }),
    refetchInterval: ({ state }) => {
      const jobs = (state.data?.results ?? []).flatMap(({ job }) => job ?? [])
      return jobs.some(isActive) ? pollInterval(jobs) : false
    },
  })
}

export interface EdgeExportWrite {
  model: number
  dataset_version: number | null
  judge_split: string
  target: EdgeTarget
  width: number | null
  height: number | null
  calibration: number
  slices: string[]
  most_lost: number
  most_lost_category: number
}

export function useEdgeExport() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: EdgeExportWrite) => api.post<EdgeExport>('/edge-exports/', values),
    onSuccess: () => Promise.all(['edge-exports', 'jobs'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
}

export interface FiguresAsked extends Budget {
  size: string
  width: number
  height: number
  dataset_version: number | null
}

/** What a size will cost, and whether that keeps within the budget. */
export function figuresQuery(asked: FiguresAsked) {
  const query = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null))
  return queryOptions({
    queryKey: ['edge-figures', query],
    queryFn: ({ signal }) => api.get<SizeFiguresTold>('/edge-figures/', { query, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function manifestQuery(id: number) {
  return queryOptions({
    queryKey: ['edge-exports', 'manifest', id],
    queryFn: ({ signal }) => api.get<EdgeManifest>(`/edge-exports/${id}/manifest/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** The frames of a drive in its order, page by page. */
export function framesOfQuery(drive: number | null) {
  return infiniteQueryOptions({
    queryKey: ['edge-frames', drive],
    queryFn: ({ pageParam, signal }) => api.get<Page<FrameRow>>(pageParam, { signal }),
    initialPageParam: apiUrl('/frames/', { drive, page_size: 500 }),
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: drive !== null,
  })
}

export function frameQuery(id: number | undefined) {
  return queryOptions({
    queryKey: ['edge-frame', id],
    queryFn: ({ signal }) => api.get<FrameDetail>(`/frames/${id}/`, { signal }),
    enabled: id !== undefined,
    placeholderData: keepPreviousData, // the pictures stay where they are
  })
}

export function edgeFileUrl(id: number): string {
  return apiUrl(`/edge-exports/${id}/file/`)
}
