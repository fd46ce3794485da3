/** Drives, clips and frames as the server knows them. They are read often while an ingest or a pre-label changes them. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, apiUrl } from '../../api/client'
import type { Clip, Drive, DriveWrite, FrameRow, FrameState, Page, Taxonomy } from '../../api/types'
import { notifyError } from '../../ui/notify'

const BUSY_MS = 2000
const IDLE_MS = 30_000

export type FrameOrder = 'drive' | 'risk'

export interface FrameFilter {
  drive: number
  state: FrameState | null
  order: FrameOrder
}

export function isBusy(drive: Drive | undefined): boolean {
  return drive !== undefined && (drive.state === 'ingesting' || drive.jobs.length > 0)
}

export const drivesQuery = queryOptions({
  queryKey: ['drives', 'list'],
  queryFn: ({ signal }) => api.get<Page<Drive>>('/drives/', { query: { page_size: 500 }, signal }),
  refetchInterval: ({ state }) => (state.data?.results.some(isBusy) ? BUSY_MS : IDLE_MS),
})

export function driveQuery(id: number) {
  return queryOptions({
    queryKey: ['drives', id],
    queryFn: ({ signal }) => api.get<Drive>(`/drives/${id}/`, { signal }),
    refetchInterval: ({ state }) => (isBusy(state.data) ? BUSY_MS : IDLE_MS),
  })
}

export function clipsQuery(drive: number, busy: boolean) {
  return queryOptions({
    queryKey: ['drives', drive, 'clips'],
    queryFn: ({ signal }) => api.get<Page<Clip>>('/clips/', { query: { drive, page_size: 500 }, signal }),
    refetchInterval: busy ? BUSY_MS : IDLE_MS,
  })
}

/** Frames page by page; while the drive is busy the pages that are shown are read again. */
export function framesQuery({ drive, state, order }: FrameFilter, busy: boolean) {
  const ordering = order === 'risk' ? '-risk' : undefined
  return infiniteQueryOptions({
    queryKey: ['drives', drive, 'frames', { state, order }],
    queryFn: ({ pageParam, signal }) => api.get<Page<FrameRow>>(pageParam, { signal }),
    initialPageParam: apiUrl('/frames/', { drive, state, ordering, page_size: 200 }),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: busy ? BUSY_MS : false,
  })
}

export const taxonomiesQuery = queryOptions({
  queryKey: ['taxonomies'],
  queryFn: ({ signal }) => api.get<Page<Taxonomy>>('/taxonomies/', { query: { page_size: 500 }, signal }),
  staleTime: 60_000,
})

export function thumbnailUrl(frame: number): string {
  return apiUrl(`/frames/${frame}/thumbnail`)
}

/** Creates a drive, or changes the one given. */
export function useSaveDrive(drive?: Drive) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: DriveWrite) =>
      drive ? api.patch<Drive>(`/drives/${drive.id}/`, values) : api.post<Drive>('/drives/', values),
    onSuccess: (saved) => {
      queries.setQueryData(driveQuery(saved.id).queryKey, saved)
      return queries.invalidateQueries({ queryKey: ['drives', 'list'] })
    },
  })
}

export function useRetryClip(drive: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (clip: number) => api.post(`/clips/${clip}/retry/`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['drives', drive] }),
  })
}
