/** How much is out of sight, over the stage itself, as long as anything is: what waits is never hidden in silence. */

import { useTranslation } from 'react-i18next'
import { hiddenCount, hiddenOpenCount } from '../../../editor/state'
import { useKeyCap } from '../keys/useKeys'
import classes from './filter.module.css'
import { useCommand, useEditor } from './useDesk'

export function HiddenNotice() {
  const { t } = useTranslation()
  const count = useEditor(hiddenCount)
  const open = useEditor(hiddenOpenCount)
  const run = useCommand()
  const cap = useKeyCap()
  if (count === 0) return null
  return (
    <div className={classes.notice} data-open={open > 0} data-testid="hidden">
      {t('view.hidden', { count })}
      {open > 0 && <strong>{t('view.hiddenOpen', { count: open })}</strong>}
      <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => run('show-hidden')}>
        {t('view.show')} {cap('show-hidden') && <kbd>{cap('show-hidden')}</kbd>}
      </button>
    </div>
  )
}
