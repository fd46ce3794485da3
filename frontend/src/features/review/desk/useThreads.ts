/** What was said about the frame on the stage, asked for once the person stays on it. */
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Thread } from '../../../api/types'
import { useDesk, useSession } from '../../audit/components/useDesk'
import { frameThreadsQuery } from '../queries'

const STAYS_MS = 250
const NONE: readonly Thread[] = []

export function useThreads(): readonly Thread[] {
  const frame = useSession((state) => state.queue.current)
  const [stayed] = useDebouncedValue(frame, STAYS_MS)
  const found = useQuery({ ...frameThreadsQuery(stayed ?? 0), enabled: stayed !== null && stayed === frame })
  return (stayed === frame && found.data) || NONE
}

/** The stage shows where they are pinned. */
export function usePins(threads: readonly Thread[]): void {
  const { editor } = useDesk()
  useEffect(() => {
    const pins = threads.map(({ id, box, x, y, resolved_at }, index) => ({
      id,
      number: index + 1,
      box,
      x,
      y,
      resolved: resolved_at !== null,
    }))
    editor.set({ pins })
  }, [editor, threads])
}
