/** A person's own login: the second step, recovery codes, sessions, password. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { isApiError } from '../../api/client'
import { notifyError } from '../../ui/notify'
import { allauth } from '../session/allauth'

const AUTHENTICATORS = '/account/authenticators'
const CODES = `${AUTHENTICATORS}/recovery-codes`
const TOTP = `${AUTHENTICATORS}/totp`
const SESSIONS = '/auth/sessions'

/** Times are in seconds since 1970. */
export interface Authenticator {
  type: 'totp' | 'recovery_codes'
  created_at: number
  last_used_at: number | null
  total_code_count?: number
  unused_code_count?: number
}

export interface Session {
  id: number
  user_agent: string
  ip: string
  created_at: number
  last_seen_at: number
  is_current: boolean
}

export const authenticatorsQuery = queryOptions({
  queryKey: ['account', 'authenticators'],
  queryFn: async () => (await allauth<Authenticator[]>('GET', AUTHENTICATORS)).data ?? [],
})

export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async () => (await allauth<Session[]>('GET', SESSIONS)).data ?? [],
})

/** A secret to be put into an app; nothing is switched on yet. */
export const useBegin = () =>
  useMine(async () => {
    const { meta } = await allauth('GET', TOTP)
    return { secret: String(meta?.secret), at: Date.now() }
  })

export const useSwitchOn = () =>
  useMine(async (code: string) => {
    await allauth('POST', TOTP, { code: code.replaceAll(' ', '') })
    return readCodes()
  }, true)

export const useSwitchOff = () => useMine(() => allauth('DELETE', TOTP), true)
export const useReadCodes = () => useMine(readCodes)
export const useNewCodes = () =>
  useMine(async () => {
    const made = await allauth<{ unused_codes: string[] }>('POST', CODES, {})
    return made.data?.unused_codes ?? []
  })

export const useEndSessions = () => useMine((sessions: number[]) => allauth('DELETE', SESSIONS, { sessions }))

/** Every other session of the person ends with the old password. */
export const useChangePassword = () =>
  useMine((passwords: { current_password: string; new_password: string }) =>
    allauth('POST', '/account/password/change', passwords),
  )

async function readCodes(): Promise<string[]> {
  return (await allauth<{ unused_codes: string[] }>('GET', CODES)).data?.unused_codes ?? []
}

/** What opens in a workspace may depend on the second step: then everything is asked for anew. */
function useMine<Values = void, Result = unknown>(send: (values: Values) => Promise<Result>, everything = false) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onError: (error) => {
      const told = isApiError(error) && (error.code === 'cancelled' || Object.keys(error.fields).length > 0)
      if (!told) notifyError(error)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: everything ? undefined : ['account'] }),
  })
}
