/** A fetch that answers from a list: the network is the only thing that page tests fake. */
import { vi } from 'vitest'

export interface Sent {
  method: string
  url: string
  headers: Headers
  body: unknown
}

/** Installs a fetch that gives the answers in turn, and returns what was sent. */
export function answering(...answers: (Response | Error)[]): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    sent.push({ method: init.method ?? 'GET', url, headers: new Headers(init.headers), body })
    const answer = answers[sent.length - 1]
    if (!answer) throw new Error(`No answer left for ${url}`)
    if (answer instanceof Error) throw answer
    return answer
  })
  return sent
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

/** An error as the server shapes it. */
export function problem(status: number, code: string, extra: Record<string, unknown> = {}): Response {
  return json(
    { type: 'about:blank', title: code, status, code, detail: `It was ${code}.`, fields: {}, ...extra },
    status,
  )
}
