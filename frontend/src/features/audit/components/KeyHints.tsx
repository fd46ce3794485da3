/** The keys that matter now, read from the commands. */

import { useTranslation } from 'react-i18next'
import { spoken } from '../../../editor/commands/chord'
import type { Command } from '../../../editor/commands/command'
import { COMMANDS } from '../../../editor/commands/registry'
import classes from './desk.module.css'
import { useDesk, useEditor } from './useDesk'

const hinted = COMMANDS.filter((command) => command.hint)
const ORDER = ['Decide', 'Move', 'Draw and edit', 'View', 'Desk']
const HINTS = [...hinted].sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group))

export function KeyHints() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const tool = useEditor((state) => state.tool.path)
  const editing = useEditor((state) => state.editing)
  useEditor((state) => state.selected)
  const special = tool.startsWith('draw') ? t('audit.drawHint') : editing ? t('audit.editHint') : null
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
