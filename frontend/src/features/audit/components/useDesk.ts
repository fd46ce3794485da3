/** How components read the session, the outbox and the editor: each by the part it shows. */

import { createContext, useContext, useSyncExternalStore } from 'react'
import { CALLED_BY_HAND } from '../../../editor/commands/command'
import { commandOf } from '../../../editor/commands/registry'
import type { EditorState } from '../../../editor/state'
import type { OutboxState } from '../saving/outboxState'
import type { DeskSession } from '../session/DeskSession'
import type { DeskState } from '../session/state'
import type { Trailing } from '../session/trailing'

export const DeskContext = createContext<DeskSession | null>(null)

export function useDesk(): DeskSession {
  const session = useContext(DeskContext)
  if (!session) throw new Error('This component belongs inside the audit desk.')
  return session
}

/** `select` must return a part of the state, not a new object. All three are a painted frame behind the stage. */
export const useEditor = <Part>(select: (state: EditorState) => Part): Part =>
  useTrailing(useDesk().panels.editor, select)

export const useSession = <Part>(select: (state: DeskState) => Part): Part =>
  useTrailing(useDesk().panels.session, select)

export const useOutbox = <Part>(select: (state: OutboxState) => Part): Part =>
  useTrailing(useDesk().panels.outbox, select)

const useTrailing = <State, Part>(store: Trailing<State>, select: (state: State) => Part): Part =>
  useSyncExternalStore(store.subscribe, () => select(store.state))

/** Run a command as its key would; `category` for the relabelling ones. */
export function useCommand(): (id: string, category?: number) => void {
  const { editor } = useDesk()
  return (id, category) => {
    const command = commandOf(id)
    editor.stopwatch.input()
    if (command.when?.(editor) ?? true) command.run(editor, { ...CALLED_BY_HAND, category: category ?? null })
  }
}
