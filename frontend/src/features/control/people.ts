/** People of the workspace and their invitations: what travels, and what changes them. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { components } from '../../api/schema'
import type { Page } from '../../api/types'
import { notifyError } from '../../ui/notify'

type Schemas = components['schemas']

export type Role = Schemas['RoleEnum']
export type Member = Required<Schemas['Member']>
export type Invitation = Schemas['Invitation']
export type NewInvitation = Schemas['NewInvitation']
export type WorkspaceRules = Required<Schemas['WorkspaceRules']>

export const ROLES: readonly Role[] = ['owner', 'lead', 'annotator', 'ml_engineer', 'fleet_engineer', 'viewer']

export const membersQuery = queryOptions({
  queryKey: ['control', 'members'],
  queryFn: async ({ signal }) =>
    (await api.get<Page<Member>>('/members/', { query: { page_size: 200 }, signal })).results,
})

export const invitationsQuery = queryOptions({
  queryKey: ['control', 'invitations'],
  queryFn: async ({ signal }) =>
    (await api.get<Page<Invitation>>('/invitations/', { query: { page_size: 200 }, signal })).results,
})

export const rulesQuery = queryOptions({
  queryKey: ['control', 'rules'],
  queryFn: ({ signal }) => api.get<WorkspaceRules>('/workspace/', { signal }),
})

export const useInvite = () =>
  useChange((values: { email: string; role: Role }) => api.post<NewInvitation>('/invitations/', values), false)
export const useWithdraw = () => useChange((id: number) => api.delete(`/invitations/${id}/`))
export const useChangeMember = () =>
  useChange(({ id, ...values }: { id: number; role?: Role; active?: boolean }) =>
    api.patch<Member>(`/members/${id}/`, values),
  )
export const useRemoveMember = () => useChange((id: number) => api.delete(`/members/${id}/`))
export const useClearSecondFactor = () => useChange((id: number) => api.delete(`/members/${id}/second-factor/`))
export const useSetRules = () =>
  useChange((values: Partial<WorkspaceRules>) => api.patch<WorkspaceRules>('/workspace/', values))

/** One's own role may be among what changed. */
function useChange<Values, Result>(send: (values: Values) => Promise<Result>, tell = true) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onError: tell ? notifyError : undefined,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['control'] }),
        queries.invalidateQueries({ queryKey: ['me'] }),
      ]),
  })
}
