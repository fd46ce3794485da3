/** A model asked about a frame: the question once, its answer until it is there. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { ModelLook } from '../../api/types'
import { isActive, pollInterval } from '../jobs/polling'

interface Asked {
  readonly look: ModelLook | undefined
  /** Why there is no answer; '' while there may be one. */
  readonly failed: string
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
    refetchInterval: ({ state }) => {
      const job = state.data?.job
      return job && isActive(job) ? pollInterval([job]) : false
    },
  })
  const look = answered.data ?? asked.data
  const error = asked.error ?? answered.error
  const ended = look?.job && !isActive(look.job) && look.detections === null
  return { look, failed: error?.message ?? (ended ? look.job?.error?.detail || look.job?.state || '' : '') }
}
