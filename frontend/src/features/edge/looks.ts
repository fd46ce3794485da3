/** A model asked about a frame: the question once, its answer until it is there. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client'
import type { ModelLook } from '../../api/types'
import { BUSY_MS, isActive } from '../jobs/polling'

export interface Asked {
  readonly look: ModelLook | undefined
  /** Why there is no answer; '' while there may be one. */
  readonly failed: string
  readonly again: () => void
}

export function useLook(frame: number | null, model: number | null): Asked {
  // The server answers the same question by the same look, so that asking is reading.
  const asked = useQuery({
    queryKey: ['model-looks', 'asked', frame, model],
    queryFn: () => api.post<ModelLook>('/model-looks/', { frame, model }),
    enabled: frame !== null && model !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const id = asked.data?.id
  const answered = useQuery({
    queryKey: ['model-looks', id],
    queryFn: ({ signal }) => api.get<ModelLook>(`/model-looks/${id}/`, { signal }),
    enabled: id !== undefined && asked.data?.detections === null,
    refetchInterval: ({ state }) => (state.data?.job && isActive(state.data.job) ? BUSY_MS : false),
  })
  const look = answered.data ?? asked.data
  const error = asked.error ?? answered.error
  const { refetch } = asked
  return useMemo(() => {
    const ended = look?.job && !isActive(look.job) && look.detections === null
    const failed = error?.message ?? (ended ? look.job?.error?.detail || look.job?.state || '' : '')
    return { look, failed, again: () => void refetch() }
  }, [look, error, refetch])
}
