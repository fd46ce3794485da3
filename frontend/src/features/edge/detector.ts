/** The page's side of the detector in the browser: one worker a network, asked picture by picture. */
import { useEffect, useState } from 'react'
import { apiUrl } from '../../api/client'
import type { Detection, Reads } from './decode'

interface Side {
  width: number
  height: number
}

export type Question =
  | { kind: 'load'; network: ArrayBuffer }
  | { kind: 'detect'; id: number; picture: ImageBitmap; input: Side; reads: Reads }
export type Answer =
  | { kind: 'loaded' }
  | { kind: 'found'; id: number; detections: Detection[]; ms: number }
  | { kind: 'failed'; why: string }

/** What a network that runs has said last. */
interface Seen {
  ready: boolean
  frame: number | null
  detections: Detection[]
  ms: number
  failed: string
}

const NOTHING: Seen = { ready: false, frame: null, detections: [], ms: 0, failed: '' }

/** Runs the network of an export on the frame whenever either changes; `manifest` says how it reads. */
export function useDetector(
  network: { id: number; precision: 'fp32' | 'int8' },
  frame: number | null,
  manifest: { input: Side; categories: string[]; floor: number } | undefined,
): Seen {
  const [seen, setSeen] = useState(NOTHING)
  const [worker, setWorker] = useState<Worker | null>(null)
  const { id, precision } = network
  useEffect(() => {
    const made = new Worker(new URL('./detector.worker.ts', import.meta.url), { type: 'module', name: 'detector' })
    const stop = new AbortController()
    const fail = (why: string) => setSeen({ ...NOTHING, failed: why })
    made.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === 'failed') fail(data.why)
      else if (data.kind === 'loaded') setSeen({ ...NOTHING, ready: true })
      else setSeen({ ready: true, frame: data.id, detections: data.detections, ms: data.ms, failed: '' })
    }
    made.onerror = (event) => fail(event.message || 'The worker could not be started.')
    bytesOf(apiUrl(`/edge-exports/${id}/network/`, { precision }), stop.signal).then(
      (bytes) => made.postMessage({ kind: 'load', network: bytes } satisfies Question, [bytes]),
      (error: unknown) => stop.signal.aborted || fail(String(error)),
    )
    setWorker(made)
    setSeen(NOTHING)
    return () => {
      stop.abort()
      made.terminate()
    }
  }, [id, precision])
  const ready = seen.ready
  useEffect(() => {
    if (!worker || !ready || !manifest || frame === null) return
    const stop = new AbortController()
    void bytesOf(apiUrl(`/frames/${frame}/image`), stop.signal)
      .then((bytes) => createImageBitmap(new Blob([bytes])))
      .then((picture) => {
        if (stop.signal.aborted) return
        const reads = { categories: manifest.categories, floor: manifest.floor }
        const asked: Question = { kind: 'detect', id: frame, picture, input: manifest.input, reads }
        worker.postMessage(asked, [picture])
      })
      .catch((error: unknown) => stop.signal.aborted || setSeen((before) => ({ ...before, failed: String(error) })))
    return () => stop.abort()
  }, [worker, ready, manifest, frame])
  return seen
}

async function bytesOf(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal, credentials: 'same-origin' })
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
  return response.arrayBuffer()
}
