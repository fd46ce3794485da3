/** What was just done, to a screen reader at once and to the eye for a moment, with the way back. */

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { told } from '../../../i18n/told'
import { useKeyCap } from '../keys/useKeys'
import classes from './desk.module.css'
import { useCommand, useDesk, useSession } from './useDesk'

const SHOWN_MS = 3_000

export function Announcer() {
  const { t } = useTranslation()
  const said = useSession((state) => state.said)
  const { editor } = useDesk()
  const run = useCommand()
  const cap = useKeyCap()
  const [shown, setShown] = useState<number | null>(null)
  useEffect(() => {
    if (!said) return
    setShown(said.key)
    const timer = setTimeout(() => setShown(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [said])
  const undoable = editor.history.undoable
  return (
    <div className={classes.announcer}>
      <div aria-live="polite" className={classes.said} data-shown={shown !== null} data-testid="said">
        {said && <span key={said.key}>{told(said.text)}</span>}
      </div>
      {shown !== null && undoable && said?.text === undoable.title && (
        <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => run('undo')}>
          {t('audit.undo')} {cap('undo') && <kbd>{cap('undo')}</kbd>}
        </button>
      )}
    </div>
  )
}
