/** That the next key acts on several boxes, where the person looks: on the stage. */

import { useTranslation } from 'react-i18next'
import { selectedCount } from '../../../editor/state'
import classes from './filter.module.css'
import { useCommand, useEditor } from './useDesk'

export function SelectionNotice() {
  const { t } = useTranslation()
  const count = useEditor(selectedCount)
  const run = useCommand()
  if (count < 2) return null
  return (
    <div className={classes.notice} data-testid="selection">
      {t('view.selectedActs', { count })}
      <button type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => run('cancel')}>
        {t('view.one')} <kbd>Esc</kbd>
      </button>
    </div>
  )
}
