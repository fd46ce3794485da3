/** Conversations on frames, and a lead's verdicts. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { FrameReviews, Page, ReviewCounts, ReviewRow, ReviewStage, Thread, Verdict } from '../../api/types'

const REFRESH_MS = 15_000
/** The desk passes thousands of frames a day: what was said on those before is asked for again. */
const KEPT_MS = 60_000

export const frameThreadsQuery = (frame: number) =>
  queryOptions({
    queryKey: ['threads', 'frame', frame],
    queryFn: async ({ signal }) =>
      (await api.get<{ results: Thread[] }>(`/frames/${frame}/threads/`, { signal })).results,
    refetchInterval: REFRESH_MS,
    gcTime: KEPT_MS,
  })

export const openThreadsQuery = (whose: Whose) =>
  queryOptions({
    queryKey: ['threads', 'open', whose],
    queryFn: ({ signal }) => api.get<Page<Thread>>('/threads/', { query: { open: true, ...whose }, signal }),
  })

/** Of which drive, and whose work; everything where they are left out. */
export interface Whose {
  readonly drive?: number
  readonly annotator?: number
}

export interface NewThread {
  readonly text: string
  readonly box?: string | null
  readonly x?: number | null
  readonly y?: number | null
}

/** A write on a frame's conversations; its answer takes the place of the thread in the list. */
function useThreadWrite<Values>(frame: number, write: (values: Values) => Promise<Thread>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (thread) => {
      queries.setQueryData(frameThreadsQuery(frame).queryKey, (known: Thread[] = []) =>
        known.some(({ id }) => id === thread.id)
          ? known.map((one) => (one.id === thread.id ? thread : one))
          : [...known, thread],
      )
      void queries.invalidateQueries({ queryKey: ['review-summary'] })
    },
    // What was refused as out of date is shown as it is now.
    onError: () => void queries.invalidateQueries({ queryKey: frameThreadsQuery(frame).queryKey }),
  })
}

export const useBeginThread = (frame: number) =>
  useThreadWrite(frame, (thread: NewThread) => api.post<Thread>(`/frames/${frame}/threads/`, thread))

export const useAnswer = (frame: number) =>
  useThreadWrite(frame, ({ thread, text }: { thread: number; text: string }) =>
    api.post<Thread>(`/threads/${thread}/comments/`, { text }),
  )

export const useResolve = (frame: number) =>
  useThreadWrite(frame, ({ thread, resolved }: { thread: Thread; resolved: boolean }) =>
    api.post<Thread>(`/threads/${thread.id}/resolve/`, { resolved, version: thread.version }),
  )

export const useReword = (frame: number) =>
  useThreadWrite(frame, ({ id, ...body }: { id: number; text: string; version: number }) =>
    api.patch<Thread>(`/comments/${id}/`, body),
  )

export const frameReviewsQuery = (frame: number) =>
  queryOptions({
    queryKey: ['reviews', frame],
    queryFn: ({ signal }) => api.get<FrameReviews>(`/frames/${frame}/reviews/`, { signal }),
    gcTime: KEPT_MS,
  })

export interface Judgement {
  readonly verdict: Verdict
  readonly text: string
  readonly box: string | null
  /** The verdict that stood when the frame was looked at. */
  readonly seen: number | null
  /** The frame's version that was looked at. */
  readonly version: number
}

export function useJudge(frame: number) {
  const queries = useQueryClient()
  const again = () =>
    Promise.all(
      [['reviews', frame], ['threads'], ['review-summary'], ['review-frames']].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    )
  return useMutation({
    mutationFn: ({ version, ...body }: Judgement) =>
      api.post<FrameReviews>(`/frames/${frame}/reviews/`, body, { headers: { 'If-Match': `"${version}"` } }),
    onSettled: again,
  })
}

export const reviewSummaryQuery = queryOptions({
  queryKey: ['review-summary'],
  queryFn: ({ signal }) => api.get<ReviewCounts>('/review-summary/', { signal }),
  refetchInterval: REFRESH_MS,
})

export const reviewFramesQuery = (stage: ReviewStage, whose: Whose & { readonly mine?: boolean } = {}) =>
  queryOptions({
    queryKey: ['review-frames', stage, whose],
    queryFn: ({ signal }) => api.get<Page<ReviewRow>>('/review-frames/', { query: { stage, ...whose }, signal }),
    refetchInterval: REFRESH_MS,
  })
