/** The figures by day; the server counts them anew at most once a minute. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { components } from '../../api/schema'
import type { DayFigures } from '../../api/types'

export const figuresQuery = (days: number) =>
  queryOptions({
    queryKey: ['figures', days],
    queryFn: ({ signal }) => api.get<DayFigures>(`/figures/?days=${days}`, { signal }),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  })

export type LedgerLine = components['schemas']['LedgerLine']
export type Digest = components['schemas']['Digest']

export const ledgerQuery = queryOptions({
  queryKey: ['ledger'],
  queryFn: ({ signal }) => api.get<components['schemas']['Ledger']>('/ledger/', { signal }),
})

export const digestQuery = (back: number) =>
  queryOptions({
    queryKey: ['digest', back],
    queryFn: ({ signal }) => api.get<Digest>('/digest/', { query: { back }, signal }),
    placeholderData: (before) => before,
  })
