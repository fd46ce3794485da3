/** The people who audit, and what is given to whom. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Assignment, AssignmentWrite, Decision, Page, PersonInTeam, Present, TeamRow } from '../../api/types'

const REFRESH_MS = 15_000

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await api.get<{ results: PersonInTeam[] }>('/people/', { signal })).results,
})

export const assignmentsQuery = ({ mine = false }: { mine?: boolean } = {}) =>
  queryOptions({
    queryKey: ['assignments', mine],
    queryFn: async ({ signal }) =>
      (await api.get<{ results: Assignment[] }>('/assignments/', { query: { mine: mine || null }, signal })).results,
    refetchInterval: REFRESH_MS,
  })

export function useAssign() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: AssignmentWrite) => api.post<Assignment>('/assignments/', values),
    onSettled: () => queries.invalidateQueries({ queryKey: ['assignments'] }),
  })
}

export const presenceQuery = queryOptions({
  queryKey: ['presence'],
  queryFn: async ({ signal }) => (await api.get<{ results: Present[] }>('/presence/', { signal })).results,
  refetchInterval: REFRESH_MS,
})

export const teamQuery = (days: number) =>
  queryOptions({
    queryKey: ['team', days],
    queryFn: async ({ signal }) =>
      (await api.get<{ results: TeamRow[] }>('/team/', { query: { days }, signal })).results,
    refetchInterval: 4 * REFRESH_MS,
  })

/** What one person decided; everybody when null. */
export const decisionsQuery = (user: number | null, days: number) =>
  queryOptions({
    queryKey: ['decisions', user, days],
    queryFn: ({ signal }) => api.get<Page<Decision>>('/decisions/', { query: { user, days, page_size: 200 }, signal }),
  })

/** Take back, or give again what was taken back. */
export function useEndAssignment() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ended }: { id: number; ended: boolean }) =>
      api.post<Assignment>(`/assignments/${id}/end/`, { ended }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['assignments'] }),
  })
}
