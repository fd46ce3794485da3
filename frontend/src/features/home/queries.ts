/** Home's numbers. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Overview } from '../../api/types'

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => api.get<Overview>('/overview/', { signal }),
  refetchInterval: ({ state }) => ((state.data?.jobs.running ?? 0) > 0 ? 3000 : 30_000),
})
