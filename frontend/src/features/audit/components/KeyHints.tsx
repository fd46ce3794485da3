/** The keys that matter now, read from the commands. */

import { useTranslation } from 'react-i18next'
import { COMMANDS } from '../../../editor/commands/registry'
import { KeyOffer } from '../keys/KeyOffer'
import { capOf, useKeyCap, useOwnKeys } from '../keys/useKeys'
import { hintOf } from '../keys/words'
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
  const own = useOwnKeys()
  const cap = useKeyCap()
  // As one string, so that the row is made anew only when another key matters.
  const offered = useEditor(() =>
    HINTS.filter(({ when }) => when?.(editor) ?? true)
      .map(({ id }) => id)
      .join(' '),
  )
  const special = tool.startsWith('draw')
    ? t('audit.drawHint', { cancel: cap('cancel') })
    : editing
      ? t('audit.editHint', { accept: cap('accept'), cancel: cap('cancel') })
      : null
  return (
    <footer className={classes.hints}>
      <div className={classes.hintRow}>
        {special ? (
          <span>{special}</span>
        ) : (
          HINTS.filter((command) => offered.split(' ').includes(command.id) && capOf(command, own)).map((command) => (
            <span key={command.id}>
              <kbd>{capOf(command, own)}</kbd> {hintOf(command, t)}
            </span>
          ))
        )}
      </div>
      <KeyOffer />
    </footer>
  )
}
