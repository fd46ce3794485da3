/** All uploads of the page: a queue that outlives the page one looks at. Two files travel at a time.
 *
 * queued -> uploading -> done | failed;  uploading <-> paused;  failed -> queued (try again)
 */
import { createStore } from 'zustand/vanilla'
import { errorText } from '../../../api/errors'
import { RateMeter } from '../../../ui/rate'

export type UploadState = 'queued' | 'uploading' | 'paused' | 'done' | 'failed'

/** Footage becomes frames; a file of labels waits until somebody has looked into it. */
export type Purpose = 'footage' | 'labels'

export interface UploadEntry {
  key: string
  drive: number
  purpose: Purpose
  name: string
  size: number
  sent: number
  /** Bytes a second, lately. */
  rate: number | null
  state: UploadState
  /** Why it failed, in the server's words. */
  problem: string | null
}

export interface Transfer {
  start(): void
  /** Stops sending; the server keeps what it has. */
  pause(): Promise<void>
  /** Stops and removes what the server has. */
  cancel(): Promise<void>
}

export interface TransferEvents {
  progress(sent: number): void
  done(): void
  failed(error: unknown): void
}

export type OpenTransfer = (file: File, drive: number, events: TransferEvents, purpose: Purpose) => Promise<Transfer>

interface Running {
  file: File
  transfer: Transfer | null
  meter: RateMeter
}

const AT_ONCE = 2

export class Uploads {
  readonly store = createStore<{ entries: UploadEntry[] }>(() => ({ entries: [] }))
  private readonly running = new Map<string, Running>()
  private readonly open: OpenTransfer

  constructor(open: OpenTransfer) {
    this.open = open
  }

  /** Queue files for a drive; a file that is on its way already is not added twice. */
  add(drive: number, files: readonly File[], purpose: Purpose = 'footage'): void {
    for (const file of files) {
      const key = keyOf(drive, file, purpose)
      const known = this.find(key)
      if (known && known.state !== 'done' && known.state !== 'failed') continue
      this.running.set(key, { file, transfer: null, meter: new RateMeter() })
      const entry = { key, drive, purpose, name: file.name, size: file.size, sent: 0, rate: null, problem: null }
      this.set((entries) => [...entries.filter((other) => other.key !== key), { ...entry, state: 'queued' }])
    }
    this.fill()
  }

  async pause(key: string): Promise<void> {
    this.change(key, { state: 'paused', rate: null })
    this.running.get(key)?.meter.reset()
    await this.running.get(key)?.transfer?.pause()
    this.fill()
  }

  /** Go on with a paused upload, or try a failed one again. */
  resume(key: string): void {
    this.change(key, { state: 'queued', problem: null })
    this.fill()
  }

  async cancel(key: string): Promise<void> {
    const transfer = this.running.get(key)?.transfer
    this.running.delete(key)
    this.set((entries) => entries.filter((entry) => entry.key !== key))
    this.fill()
    await transfer?.cancel()
  }

  /** Take finished uploads off the list. */
  clearDone(drive: number): void {
    this.set((entries) => entries.filter((entry) => entry.drive !== drive || entry.state !== 'done'))
  }

  private fill(): void {
    const { entries } = this.store.getState()
    const free = AT_ONCE - entries.filter((entry) => entry.state === 'uploading').length
    for (const entry of entries.filter(({ state }) => state === 'queued').slice(0, Math.max(0, free))) {
      this.change(entry.key, { state: 'uploading' })
      void this.begin(entry)
    }
  }

  private async begin({ key, drive, purpose }: UploadEntry): Promise<void> {
    const running = this.running.get(key)
    if (!running) return
    try {
      running.transfer ??= await this.open(running.file, drive, this.eventsOf(key, running), purpose)
      // Paused or cancelled while the file was being read.
      if (this.find(key)?.state === 'uploading') running.transfer.start()
    } catch (error) {
      this.fail(key, error)
    }
  }

  private eventsOf(key: string, { meter }: Running): TransferEvents {
    return {
      progress: (sent) => {
        meter.add(sent)
        this.change(key, { sent, rate: meter.rate() })
      },
      done: () => {
        this.change(key, { state: 'done', rate: null, sent: this.find(key)?.size })
        this.running.delete(key)
        this.fill()
      },
      failed: (error) => this.fail(key, error),
    }
  }

  private fail(key: string, error: unknown): void {
    this.change(key, { state: 'failed', rate: null, problem: errorText(error) })
    this.fill()
  }

  private find(key: string): UploadEntry | undefined {
    return this.store.getState().entries.find((entry) => entry.key === key)
  }

  private change(key: string, changes: Partial<UploadEntry>): void {
    this.set((entries) => entries.map((entry) => (entry.key === key ? { ...entry, ...changes } : entry)))
  }

  private set(step: (entries: UploadEntry[]) => UploadEntry[]): void {
    this.store.setState(({ entries }) => ({ entries: step(entries) }))
  }
}

/** What makes two picks of a file the same upload. */
export function keyOf(
  drive: number,
  { name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>,
  purpose: Purpose = 'footage',
): string {
  return `headway-${purpose === 'labels' ? 'labels-' : ''}${drive}-${name}-${size}-${lastModified}`
}
