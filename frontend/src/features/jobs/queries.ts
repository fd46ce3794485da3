/** The ledger: what runs, what ran, and the orders one can give. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Job, JobLogLine, JobState, Page, PrelabelParams } from '../../api/types'
import { notifyError } from '../../ui/notify'
import { IDLE_MS, pollInterval } from './polling'

export interface JobFilter {
  state?: JobState
  drive?: number
}

export const activeJobsQuery = queryOptions({
  queryKey: ['jobs', 'active'],
  queryFn: async ({ signal }): Promise<Job[]> => {
    const [running, queued] = await Promise.all([jobsIn('running', signal), jobsIn('queued', signal)])
    return [...running, ...queued]
  },
  refetchInterval: ({ state }) => pollInterval(state.data),
})

export function jobsQuery(filter: JobFilter) {
  return queryOptions({
    queryKey: ['jobs', 'list', filter],
    queryFn: ({ signal }) => api.get<Page<Job>>('/jobs/', { query: { ...filter, page_size: 100 }, signal }),
    refetchInterval: ({ state }) => pollInterval(state.data?.results),
  })
}

export function jobLogQuery(job: Pick<Job, 'id' | 'state'>) {
  return queryOptions({
    queryKey: ['jobs', 'log', job.id],
    queryFn: ({ signal }) => api.get<{ results: JobLogLine[] }>(`/jobs/${job.id}/logs/`, { signal }),
    refetchInterval: Math.min(IDLE_MS, pollInterval([job])),
  })
}

/** Cancel, or try again; the ledger is read anew at once. */
export function useJobOrder(order: 'cancel' | 'retry') {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.post<Job>(`/jobs/${id}/${order}/`),
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

export function startPrelabel(params: PrelabelParams): Promise<Job> {
  return api.post<Job>('/jobs/', { kind: 'prelabel_frames', params })
}

async function jobsIn(state: JobState, signal: AbortSignal): Promise<Job[]> {
  return (await api.get<Page<Job>>('/jobs/', { query: { state, page_size: 100 }, signal })).results
}
