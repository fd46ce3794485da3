/** Who is asking and what they may do. The shell has loaded it before any page is drawn. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from './client'
import type { Me, Right } from './types'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.get<Me>('/me/', { signal }),
  staleTime: 60_000,
})

export function useMe(): Me | undefined {
  return useQuery(meQuery).data
}

/** True when the person's role grants `right` in this workspace. */
export function useRight(right: Right): boolean {
  return useMe()?.rights.includes(right) ?? false
}
