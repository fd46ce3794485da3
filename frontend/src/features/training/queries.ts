/** Runs, their curves and logs, and the orders one can give; what still trains is asked for until it ends. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Job, Page, RunMetrics, TrainingMethod, TrainingRun } from '../../api/types'
import { notifyError } from '../../ui/notify'
import { BUSY_MS, IDLE_MS, isActive, pollInterval } from '../jobs/polling'
import { merged, NOTHING } from './curves'
import type { LaunchValues, Plan } from './launch'

export const isTraining = ({ job }: TrainingRun): boolean => job !== null && isActive(job)

/** Empty until a worker has started once: then it is asked again. */
export const methodsQuery = queryOptions({
  queryKey: ['training', 'methods'],
  queryFn: ({ signal }) => api.get<{ results: TrainingMethod[] }>('/training-methods/', { signal }),
  refetchInterval: ({ state }) => (state.data?.results.length === 0 ? BUSY_MS : false),
})

export const runsQuery = queryOptions({
  queryKey: ['training', 'runs'],
  queryFn: ({ signal }) => api.get<Page<TrainingRun>>('/training-runs/', { query: { page_size: 200 }, signal }),
  refetchInterval: ({ state }) => pollInterval(state.data?.results.flatMap(({ job }) => job ?? [])),
})

export function runQuery(id: number) {
  return queryOptions({
    queryKey: ['training', 'runs', id],
    queryFn: ({ signal }) => api.get<TrainingRun>(`/training-runs/${id}/`, { signal }),
    refetchInterval: ({ state }) => (state.data && isTraining(state.data) ? BUSY_MS : IDLE_MS),
  })
}

/** Only what is new is asked for and put behind what is there. A run that began again has fewer rows: then all are read anew. */
export function metricsQuery(id: number, training: boolean) {
  const queryKey = ['training', 'metrics', id]
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<RunMetrics> => {
      const before = client.getQueryData<RunMetrics>(queryKey) ?? NOTHING
      const query = { after: before.last_iteration }
      return merged(before, await api.get<RunMetrics>(`/training-runs/${id}/metrics/`, { query, signal }))
    },
    refetchInterval: training ? BUSY_MS : false,
    structuralSharing: false,
  })
}

export function runLogQuery(id: number, training: boolean) {
  return queryOptions({
    queryKey: ['training', 'log', id],
    queryFn: ({ signal }) => api.get<{ text: string }>(`/training-runs/${id}/log/`, { signal }),
    refetchInterval: training ? 2 * BUSY_MS : false,
  })
}

export function useLaunch() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (plan: LaunchValues) => api.post<TrainingRun>('/training-runs/', plan),
    onSuccess: (run) => {
      queries.setQueryData(runQuery(run.id).queryKey, run)
      return Promise.all([
        queries.invalidateQueries({ queryKey: runsQuery.queryKey, exact: true }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ])
    },
  })
}

/** A job whose result is a `RunCost`. */
export function useEstimate() {
  return useMutation({
    mutationFn: (plan: Plan) => api.post<{ job: Job }>('/training-runs/estimate/', plan),
  })
}

export function jobQuery(id: string | undefined) {
  return queryOptions({
    queryKey: ['jobs', 'one', id],
    queryFn: ({ signal }) => api.get<Job>(`/jobs/${id}/`, { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (!state.data || isActive(state.data) ? BUSY_MS / 2 : false),
  })
}

export function useResume(id: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<TrainingRun>(`/training-runs/${id}/resume/`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['training'] }),
  })
}
