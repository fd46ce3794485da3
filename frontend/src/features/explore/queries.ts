/** Pages of the gallery, how it is spread, what looks alike, and the workspace's slices. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api } from '../../api/client'
import type {
  Coverage,
  GalleryCrop,
  GalleryFrame,
  Histograms,
  Job,
  Page,
  Similar,
  Slice,
  SliceDetail,
} from '../../api/types'
import { notifyError } from '../../ui/notify'
import { type Asked, askedOf, type ExploreSearch, kindOf } from './search'

const PAGE = 100

interface GalleryPage {
  next: string | null
  results: (GalleryFrame | GalleryCrop)[]
}

export function galleryQuery(search: ExploreSearch) {
  const kind = kindOf(search)
  const asked = askedOf(search)
  return infiniteQueryOptions({
    queryKey: ['explore', 'gallery', kind, asked],
    queryFn: ({ pageParam, signal }) =>
      api.get<GalleryPage>(`/explore/${kind}/`, { query: { ...asked, cursor: pageParam, page_size: PAGE }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }: GalleryPage) => next,
    placeholderData: keepPreviousData,
  })
}

export function similarQuery(search: ExploreSearch) {
  const { like_frame: frame, like_label: label } = search
  const asked = askedOf(search)
  return queryOptions({
    queryKey: ['explore', 'similar', frame, label, asked],
    queryFn: ({ signal }) =>
      api.get<Similar>('/explore/similar/', { query: { ...asked, frame, label, count: 200 }, signal }),
    enabled: frame !== undefined || label !== undefined,
    retry: false,
  })
}

export function histogramsQuery(search: ExploreSearch) {
  const kind = kindOf(search)
  const asked = askedOf(search)
  return queryOptions({
    queryKey: ['explore', 'histograms', kind, asked],
    queryFn: ({ signal }) => api.get<Histograms>('/explore/histograms/', { query: { ...asked, kind }, signal }),
    placeholderData: keepPreviousData,
  })
}

export const coverageQuery = queryOptions({
  queryKey: ['explore', 'features'],
  queryFn: ({ signal }) => api.get<Coverage>('/explore/features/', { signal }),
})

export function useIndexFeatures() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<{ results: Job[] }>('/explore/features/', {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
    onError: notifyError,
  })
}

export const slicesQuery = queryOptions({
  queryKey: ['slices'],
  queryFn: ({ signal }) => api.get<Page<Slice>>('/slices/', { query: { page_size: 500 }, signal }),
})

export function sliceQuery(id: number) {
  return queryOptions({
    queryKey: ['slices', id],
    queryFn: ({ signal }) => api.get<SliceDetail>(`/slices/${id}/`, { signal }),
  })
}

export function useSaveSlice() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ name, asked }: { name: string; asked: Asked & { kind: string } }) =>
      api.post<Slice>('/slices/', { name, asked }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['slices'] }),
  })
}

export function useDeleteSlice() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => api.delete(`/slices/${id}/`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['slices'] }),
    onError: notifyError,
  })
}
