/** What audits say about the order of the queue, and the risks that were fitted on them. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { AuditBound, AuditCurve, Job, Page, RiskModel } from '../../api/types'

/** Of one drive; of the whole workspace when null. */
export function auditCurveQuery(drive: number | null) {
  return queryOptions({
    queryKey: ['audit-curve', drive],
    queryFn: ({ signal }) =>
      api.get<AuditCurve>(drive === null ? '/audit-curve/' : `/drives/${drive}/audit-curve/`, { signal }),
  })
}

export function auditBoundQuery(drive: number) {
  return queryOptions({
    queryKey: ['audit-bound', drive],
    queryFn: ({ signal }) => api.get<AuditBound>(`/drives/${drive}/audit-bound/`, { signal }),
  })
}

/** Draw labels of a drive at random; the bound starts anew. */
export function useDrawSample(drive: number) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.post<AuditBound>(`/drives/${drive}/audit-bound/`, {}),
    onSuccess: (bound) => queries.setQueryData(auditBoundQuery(drive).queryKey, bound),
  })
}

export const riskModelsQuery = queryOptions({
  queryKey: ['risk-models'],
  queryFn: ({ signal }) => api.get<Page<RiskModel>>('/risk-models/', { query: { page_size: 100 }, signal }),
})

/** Queue a fit on the audits of a model's labels. */
export function useFitRisk() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: { model: number }) => api.post<Job>('/risk-models/', values),
    onSuccess: () => Promise.all(['jobs', 'risk-models'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  })
}

/** Queue the recomputing of the risk of a model's open labels. */
export function useScoreRisk() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: { model: number }) => api.post<Job>('/risk-scores/', values),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  })
}
