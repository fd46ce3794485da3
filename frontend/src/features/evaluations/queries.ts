/** Evaluations, their reports, and comparisons of two; what still runs is asked for until it ends. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Report } from '../../api/report'
import type { Evaluation, Job, Page } from '../../api/types'
import { notifyError } from '../../ui/notify'
import { isActive, pollInterval } from '../jobs/polling'

/** An evaluation never changes once its job has ended. */
export const isRunning = ({ job, figures }: Evaluation): boolean => figures === null && job !== null && isActive(job)

const whileRunning = (evaluations: readonly Evaluation[] | undefined): number | false =>
  evaluations?.some(isRunning) ? pollInterval(evaluations.flatMap(({ job }) => job ?? [])) : false

export const evaluationsQuery = queryOptions({
  queryKey: ['evaluations', 'list'],
  queryFn: ({ signal }) => api.get<Page<Evaluation>>('/evaluations/', { query: { page_size: 500 }, signal }),
  refetchInterval: ({ state }) => whileRunning(state.data?.results),
})

export function evaluationQuery(id: number) {
  return queryOptions({
    queryKey: ['evaluations', id],
    queryFn: ({ signal }) => api.get<Evaluation>(`/evaluations/${id}/`, { signal }),
    refetchInterval: ({ state }) => whileRunning(state.data && [state.data]),
  })
}

export function reportQuery(id: number) {
  return queryOptions({
    queryKey: ['reports', id],
    queryFn: ({ signal }) => api.get<Report>(`/evaluations/${id}/report/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export interface EvaluationWrite {
  model: number
  dataset_version: number
  split: string
  /** Only the frames that this slice takes. */
  slice?: number | null
}

export function useEvaluate() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: EvaluationWrite) => api.post<Evaluation>('/evaluations/', values),
    onSuccess: (evaluation) => {
      queries.setQueryData(evaluationQuery(evaluation.id).queryKey, evaluation)
      return Promise.all(['evaluations', 'models', 'jobs'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
    },
  })
}

/** Comparisons that were drawn already lie in the ledger. */
export const comparisonsQuery = queryOptions({
  queryKey: ['jobs', 'comparisons'],
  queryFn: ({ signal }) =>
    api.get<Page<Job>>('/jobs/', { query: { kind: 'compare_evaluations', page_size: 500 }, signal }),
  refetchInterval: ({ state }) => (state.data?.results.some(isActive) ? pollInterval(state.data.results) : false),
})

/** Draws the paired bootstrap of two evaluations, as a job. */
export function useCompare() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (pair: { first: number; second: number }) => api.post<Job>('/evaluations/compare/', pair),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
