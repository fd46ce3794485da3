/** Server state. An answer of the server is never asked for again in the hope of another; a lost connection is. */
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '../api/errors'

const RETRIES = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 1000, retry: (failures, error) => !refused(error) && failures < RETRIES },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** The server understood and said no; a 5xx may pass. */
function refused(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500
}
