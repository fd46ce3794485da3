/** Sets of predictions of a run; one that is being made is asked for until it is there. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { PredictionSet, PredictionSetDetail } from '../../api/types'
import { BUSY_MS, isActive } from '../jobs/polling'

export interface Wanted {
  drive: number | null
  count: number
}

export function predictionSetsQuery(run: number) {
  return queryOptions({
    queryKey: ['predictions', 'of', run],
    queryFn: ({ signal }) => api.get<{ results: PredictionSet[] }>(`/training-runs/${run}/predictions/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.results.some(({ job }) => job && isActive(job)) ? BUSY_MS : false),
  })
}

export function predictionSetQuery(id: number | undefined) {
  return queryOptions({
    queryKey: ['predictions', id],
    queryFn: ({ signal }) => api.get<PredictionSetDetail>(`/training-predictions/${id}/`, { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state: { data } }) =>
      data && data.found === null && data.job && isActive(data.job) ? BUSY_MS : false,
  })
}

export function usePredict(run: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (wanted: Wanted) => api.post<PredictionSet>(`/training-runs/${run}/predictions/`, wanted),
    onSuccess: () =>
      Promise.all(
        [predictionSetsQuery(run).queryKey, ['jobs']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  })
}
