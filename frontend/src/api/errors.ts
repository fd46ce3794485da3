/** What a failed request is to the page: a problem document (RFC 9457), or no answer at all. */

export type Fields = Record<string, string>

/** The server answered with an error. `code` is stable, `detail` is for the person, `fields` names inputs by path. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fields: Fields
  /** The whole problem document: some codes carry more (`current`, `by`, `open`, `hint`). */
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    const detail = typeof body.detail === 'string' ? body.detail : `The server answered ${status}.`
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = typeof body.code === 'string' ? body.code : `http_${status}`
    this.detail = detail
    this.fields = isRecord(body.fields) ? (body.fields as Fields) : {}
    this.body = body
  }
}

/** No answer: the network or the server is away. What was sent may or may not have arrived. */
export class OfflineError extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached. Your work is kept; it is sent when the connection is back.', { cause })
    this.name = 'OfflineError'
  }
}

/** Reads the problem document of a failed response, whatever its body really is. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  return new ApiError(response.status, isRecord(body) ? body : {})
}

/** One sentence for a toast or an alert. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return error.detail
  return error instanceof Error ? error.message : String(error)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
