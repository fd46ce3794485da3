/** A detector in the browser: onnxruntime on WebAssembly, in a worker, as only a worker's own policy lets it compile (webapp/core/static_headers.py). */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { blobOf, type Detection, decoded, type Maps, scaleInto } from './decode'
import type { Answer, Question } from './detector'

const GROUND = 'rgb(114, 114, 114)' // what the letterbox is filled with, as in training

env.wasm.wasmPaths = { wasm }
env.wasm.numThreads = 1

let session: InferenceSession | null = null

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    if (data.kind === 'load') {
      session = await InferenceSession.create(new Uint8Array(data.network), { executionProviders: ['wasm'] })
      answer({ kind: 'loaded' })
    } else answer({ kind: 'found', id: data.id, ...(await detect(data)) })
  } catch (error) {
    answer({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })
  }
}

async function detect({
  picture,
  input,
  reads,
}: Extract<Question, { kind: 'detect' }>): Promise<{ detections: Detection[]; ms: number }> {
  if (!session) throw new Error('No network is loaded.')
  const scale = scaleInto(picture, input)
  const canvas = new OffscreenCanvas(input.width, input.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser draws no pictures in a worker.')
  context.fillStyle = GROUND
  context.fillRect(0, 0, input.width, input.height)
  context.drawImage(picture, 0, 0, Math.trunc(picture.width * scale), Math.trunc(picture.height * scale))
  const blob = blobOf(context.getImageData(0, 0, input.width, input.height).data)
  const [name = ''] = session.inputNames
  const start = performance.now()
  const raw = await session.run({ [name]: new Tensor('float32', blob, [1, 3, input.height, input.width]) })
  const ms = performance.now() - start
  const size = { width: picture.width, height: picture.height }
  picture.close()
  return { detections: decoded(mapsOf(raw), reads, size, scale), ms }
}

function mapsOf(raw: Record<string, Tensor>): Maps {
  return Object.fromEntries(
    Object.entries(raw).map(([name, { data, dims }]) => {
      const [, channels = 0, height = 0, width = 0] = dims
      return [name, { data: data as Float32Array, channels, height, width }]
    }),
  )
}

const answer = (said: Answer): void => self.postMessage(said)
