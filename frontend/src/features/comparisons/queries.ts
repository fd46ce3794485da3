/** Method comparisons and what they have come to; what still trains is asked for until it ends. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Comparison, Page, Standings } from '../../api/types'
import { notifyError } from '../../ui/notify'
import { IDLE_MS } from '../jobs/polling'
import type { ComparisonValues } from './comparisonForm'
import { isRunning } from './standings'

/** Standings are read from every run: hours of training need no second hand. */
const RUNNING_MS = 4000

export const comparisonsQuery = queryOptions({
  queryKey: ['comparisons', 'list'],
  queryFn: ({ signal }) => api.get<Page<Comparison>>('/training-comparisons/', { query: { page_size: 50 }, signal }),
  refetchInterval: ({ state }) => (state.data?.results.some(isRunning) ? RUNNING_MS : IDLE_MS),
})

export function comparisonQuery(id: number) {
  return queryOptions({
    queryKey: ['comparisons', id],
    queryFn: ({ signal }) => api.get<Comparison>(`/training-comparisons/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? RUNNING_MS : IDLE_MS),
  })
}

/** The figures of another choice stay until the new ones are there. */
export function standingsQuery(id: number, figure: string, running: boolean) {
  return queryOptions({
    queryKey: ['comparisons', id, 'standings', figure],
    queryFn: ({ signal }) =>
      api.get<Standings>(`/training-comparisons/${id}/standings/`, { query: { figure }, signal }),
    refetchInterval: running ? RUNNING_MS : IDLE_MS,
    placeholderData: keepPreviousData,
  })
}

export function useCompareMethods() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: ComparisonValues) => api.post<Comparison>('/training-comparisons/', values),
    onSuccess: () =>
      Promise.all(
        [['comparisons'], ['training', 'runs'], ['jobs']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  })
}

/** Stop all of it, or let go on what failed. */
export function useComparisonOrder(id: number, order: 'cancel' | 'retry') {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<Comparison>(`/training-comparisons/${id}/${order}/`),
    onError: notifyError,
    onSettled: () =>
      Promise.all(
        [['comparisons'], ['training', 'runs'], ['jobs']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  })
}
