/** What owners look after: acts, limits, storage, removals, tokens and webhooks. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { Page } from '../../api/types'
import { notifyError } from '../../ui/notify'
import type { Act, AllTokens, Delivery, Limits, NewWebhook, Removal, RemovalWrite, Storage, Webhook } from './types'

const LIVE_MS = 3000

export const actsQuery = (act: string) =>
  queryOptions({
    queryKey: ['control', 'acts', act],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Act>>('/acts/', { query: { act, page_size: 200 }, signal })).results,
  })

export const limitsQuery = queryOptions({
  queryKey: ['control', 'limits'],
  queryFn: ({ signal }) => api.get<Limits>('/limits/', { signal }),
})

export const storageQuery = queryOptions({
  queryKey: ['control', 'storage'],
  queryFn: ({ signal }) => api.get<Storage>('/storage/', { signal }),
})

export const tokensOfAllQuery = queryOptions({
  queryKey: ['control', 'tokens'],
  queryFn: ({ signal }) => api.get<AllTokens>('/all-tokens/', { signal }),
})

export const removalsQuery = queryOptions({
  queryKey: ['control', 'removals'],
  queryFn: async ({ signal }) => (await api.get<Page<Removal>>('/footage-removals/', { signal })).results,
  // Only while something is on its way.
  refetchInterval: ({ state }) => (state.data?.some((one) => !one.report && !ended(one)) ? LIVE_MS : false),
})

export const webhooksQuery = queryOptions({
  queryKey: ['control', 'webhooks'],
  queryFn: async ({ signal }) => (await api.get<{ results: Webhook[] }>('/webhooks/', { signal })).results,
})

export const deliveriesQuery = (webhook: number) =>
  queryOptions({
    queryKey: ['control', 'deliveries', webhook],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Delivery>>('/webhook-deliveries/', { query: { webhook, page_size: 50 }, signal })).results,
    refetchInterval: LIVE_MS,
  })

/** Whatever is written here shows in the log of acts too. */
function useChange<Values, Result>(send: (values: Values) => Promise<Result>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onError: notifyError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['control'] }),
  })
}

export const useSetLimits = () => useChange((values: Partial<Limits>) => api.patch<Limits>('/limits/', values))
export const useRemove = () => useChange((values: RemovalWrite) => api.post<Removal>('/footage-removals/', values))
export const useRevoke = () => useChange((path: string) => api.delete(`/all-tokens/${path}/`))
export const useCreateWebhook = () =>
  useChange((values: Pick<Webhook, 'url' | 'events'>) => api.post<NewWebhook>('/webhooks/', values))
export const useChangeWebhook = () =>
  useChange(({ id, ...values }: Pick<Webhook, 'id'> & Partial<Webhook>) =>
    api.patch<Webhook>(`/webhooks/${id}/`, values),
  )
export const useDeleteWebhook = () => useChange((id: number) => api.delete(`/webhooks/${id}/`))
export const useRenewSecret = () => useChange((id: number) => api.post<NewWebhook>(`/webhooks/${id}/secret/`))
export const usePing = () => useChange((id: number) => api.post<Delivery>(`/webhooks/${id}/ping/`))
export const useRepeat = () => useChange((id: string) => api.post<Delivery>(`/webhook-deliveries/${id}/repeat/`))

function ended(one: Removal): boolean {
  return one.job === null || ['failed', 'cancelled', 'succeeded'].includes(one.job.state)
}
