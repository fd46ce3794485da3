/** The canvas. Everything on it is the editor's; React only gives it a place. */

import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Stage } from '../../../editor/stage'
import { useKeyCap } from '../keys/useKeys'
import classes from './desk.module.css'
import filter from './filter.module.css'
import { HiddenNotice } from './HiddenNotice'
import { SelectionNotice } from './SelectionNotice'
import { useDesk, useSession } from './useDesk'

export function StageView() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const cap = useKeyCap()
  const phase = useSession((state) => state.phase)
  const pictureMissing = useSession((state) => state.pictureMissing)
  const host = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!host.current) return
    const stage = new Stage(editor, host.current)
    host.current.focus({ preventScroll: true })
    return () => stage.close()
  }, [editor])

  return (
    <section className={classes.stage} aria-label={t('audit.frame')}>
      <div
        ref={host}
        className={classes.canvases}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the stage takes the keyboard; the list beside it says the same in words.
        tabIndex={0}
        role="application"
        aria-label={t('audit.stage', { help: cap('help'), leave: cap('leave-stage') })}
        data-testid="stage"
      />
      <div className={filter.notices}>
        <HiddenNotice />
        <SelectionNotice />
      </div>
      {phase === 'looking' && <p className={classes.veil}>{t('audit.looking')}</p>}
      {pictureMissing && <p className={classes.veil}>{t('audit.pictureMissing')}</p>}
    </section>
  )
}
