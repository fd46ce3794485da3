/** The figures by day; the server counts them anew at most once a minute. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { DayFigures } from '../../api/types'

export const figuresQuery = (days: number) =>
  queryOptions({
    queryKey: ['figures', days],
    queryFn: ({ signal }) => api.get<DayFigures>(`/figures/?days=${days}`, { signal }),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  })
