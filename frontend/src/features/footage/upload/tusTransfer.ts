/** One resumable upload by the tus protocol, with the session's credentials. Loaded when the first file is added. */
import { type DetailedError, defaultOptions, type HttpRequest, Upload } from 'tus-js-client'
import { API, csrfToken } from '../../../api/client'
import { ApiError, OfflineError } from '../../../api/errors'
import { loginRenewed } from '../../../api/session'
import { currentWorkspace } from '../../../api/workspace'
import { sha256Of } from './checksum'
import { keyOf, type Purpose, type Transfer, type TransferEvents } from './uploads'

const CHUNK_BYTES = 5 * 2 ** 20
const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10_000, 20_000]

/** An upload that began before the page was loaded anew; it goes on when its file is chosen again. */
export interface UnfinishedUpload {
  storageKey: string
  name: string
  size: number
  url: string | null
}

export async function openTransfer(
  file: File,
  drive: number,
  events: TransferEvents,
  purpose: Purpose,
): Promise<Transfer> {
  const sha256 = await sha256Of(file)
  const upload = new Upload(file, {
    endpoint: `${API}/uploads/`,
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    metadata: { filename: file.name, drive: String(drive), purpose, ...(sha256 ? { sha256 } : {}) },
    fingerprint: async () => keyOf(drive, file, purpose),
    removeFingerprintOnSuccess: true,
    onBeforeRequest: authorise,
    onProgress: (sent) => events.progress(sent),
    onSuccess: () => events.done(),
    onError: (error) => void goOnOrFail(upload, error, events),
  })
  const [previous] = await upload.findPreviousUploads()
  if (previous) upload.resumeFromPreviousUpload(previous)
  return { start: () => upload.start(), pause: () => upload.abort(), cancel: () => upload.abort(true) }
}

/** Uploads of the drive that this browser began and never finished. */
export async function unfinishedUploads(drive: number): Promise<UnfinishedUpload[]> {
  const all = await defaultOptions.urlStorage.findAllUploads()
  return all
    .filter(({ metadata }) => metadata.drive === String(drive) && metadata.purpose !== 'labels')
    .map(({ urlStorageKey, metadata, size, uploadUrl }) => ({
      storageKey: urlStorageKey,
      name: metadata.filename ?? '',
      size: size ?? 0,
      url: uploadUrl,
    }))
}

/** Give an unfinished upload up, here and on the server. */
export async function forgetUpload({ storageKey, url }: UnfinishedUpload): Promise<void> {
  await defaultOptions.urlStorage.removeUpload(storageKey)
  if (url) await Upload.terminate(url, { onBeforeRequest: authorise, retryDelays: null })
}

function authorise(request: HttpRequest): void {
  request.setHeader('X-CSRFToken', csrfToken())
  const workspace = currentWorkspace()
  if (workspace) request.setHeader('X-Workspace', workspace)
}

/** A lost session is renewed and the upload goes on; all else is the file's error. */
async function goOnOrFail(upload: Upload, error: Error | DetailedError, events: TransferEvents): Promise<void> {
  const problem = problemOf(error)
  if (!(problem instanceof ApiError) || problem.status !== 401) return events.failed(problem)
  await loginRenewed()
  upload.start()
}

function problemOf(error: Error | DetailedError): Error {
  if (!('originalResponse' in error)) return error
  const response = error.originalResponse
  if (!response) return new OfflineError(error)
  return new ApiError(response.getStatus(), bodyOf(response.getBody()))
}

function bodyOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
