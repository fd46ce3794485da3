/** What a person must know to trust the desk: no network, a conflict, operations that were set aside. Nothing goes in silence. */

import { Button } from '@mantine/core'
import { type MouseEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalEntry } from '../saving/journal'
import { describeOperation } from './describeOperation'
import classes from './desk.module.css'
import { useDesk, useEditor, useOutbox } from './useDesk'

/** A click must not take the keyboard from the stage: the next Enter is a decision. */
const KEEP_FOCUS = { onMouseDown: (event: MouseEvent): void => event.preventDefault() }

export function Notices({ resolve }: { resolve: () => void }) {
  const { t } = useTranslation()
  const phase = useOutbox((state) => state.phase)
  const conflicts = useOutbox((state) => state.conflicts)
  const setAside = useOutbox((state) => state.setAside)
  return (
    <div className={classes.notices} role="status">
      {phase === 'offline' && <p data-testid="offline">{t('audit.noNetwork')}</p>}
      {conflicts.length > 0 && (
        <p>
          {t('audit.conflicts', { count: conflicts.length })}{' '}
          <Button {...KEEP_FOCUS} size="compact-xs" variant="white" onClick={resolve}>
            {t('audit.lookAtBoth')}
          </Button>
        </p>
      )}
      {setAside.length > 0 && <SetAside entries={setAside} />}
    </div>
  )
}

function SetAside({ entries }: { entries: readonly JournalEntry[] }) {
  const { t } = useTranslation()
  const { outbox } = useDesk()
  const categories = useEditor((state) => state.categories)
  const [opened, setOpened] = useState(false)
  return (
    <div data-testid="set-aside">
      <p>
        {t('audit.setAside', { count: entries.length })}{' '}
        <Button {...KEEP_FOCUS} size="compact-xs" variant="white" onClick={() => setOpened(!opened)}>
          {t(opened ? 'audit.hide' : 'audit.show')}
        </Button>{' '}
        <Button
          {...KEEP_FOCUS}
          size="compact-xs"
          variant="white"
          onClick={() => void outbox.dismiss(entries.map(({ id }) => id))}
        >
          {t('audit.dismiss')}
        </Button>
      </p>
      {opened && (
        <ul>
          {entries.map((entry) => (
            <li key={entry.id}>
              {t('audit.setAsideLine', {
                frame: entry.frame,
                operation: describeOperation(entry.step, categories, t),
                reason: entry.status === 'dropped' ? t('audit.givenUp') : entry.reason,
              })}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
