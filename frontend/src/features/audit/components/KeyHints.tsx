/** The keys that matter now, read from the commands. */

import { spoken } from '../../../editor/commands/chord'
import type { Command } from '../../../editor/commands/command'
import { COMMANDS } from '../../../editor/commands/registry'
import classes from './desk.module.css'
import { useDesk, useEditor } from './useDesk'

const hinted = COMMANDS.filter((command) => command.hint)
const ORDER = ['Decide', 'Move', 'Draw and edit', 'View', 'Desk']
const HINTS = [...hinted].sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group))

export function KeyHints() {
  const { editor } = useDesk()
  const tool = useEditor((state) => state.tool.path)
  const editing = useEditor((state) => state.editing)
  useEditor((state) => state.selected)
  const special = specialHint(tool, editing)
  return (
    <footer className={classes.hints}>
      {special ? (
        <span>{special}</span>
      ) : (
        HINTS.filter((command) => command.when?.(editor) ?? true).map((command) => (
          <span key={command.id}>
            <kbd>{keyOf(command)}</kbd> {command.hint}
          </span>
        ))
      )}
    </footer>
  )
}

const keyOf = (command: Command): string => (command.categoryKeys === undefined ? spoken(command.keys[0] ?? '') : '1–9')

function specialHint(tool: string, editing: boolean): string | null {
  if (tool.startsWith('draw')) return 'Drag from corner to corner. A digit relabels the new box. Esc leaves the tool.'
  if (editing)
    return 'Arrows move by 1 px, with Shift by 10. Alt+arrows move the right or bottom edge. Enter accepts, Esc leaves.'
  return null
}
