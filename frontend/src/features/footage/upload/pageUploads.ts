/** The page's one upload queue. Leaving the page while files travel asks first. */
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import { type UploadEntry, Uploads } from './uploads'

export const uploads = new Uploads(async (file, drive, events, purpose) =>
  (await import('./tusTransfer')).openTransfer(file, drive, events, purpose),
)

window.addEventListener('beforeunload', (event) => {
  if (uploads.store.getState().entries.some(isMoving)) event.preventDefault()
})

export function isMoving({ state }: UploadEntry): boolean {
  return state === 'uploading' || state === 'queued'
}

/** Uploads of one drive, or of all. */
export function useUploads(drive?: number): UploadEntry[] {
  return useStore(
    uploads.store,
    useShallow(({ entries }) => entries.filter((entry) => drive === undefined || entry.drive === drive)),
  )
}
