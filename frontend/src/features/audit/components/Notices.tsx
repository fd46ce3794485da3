/** What a person must know to trust the desk: no network, a conflict, operations that were set aside. Nothing goes in silence. */

import { Button } from '@mantine/core'
import { type MouseEvent, useState } from 'react'
import type { JournalEntry } from '../saving/journal'
import { describeOperation } from './describeOperation'
import classes from './desk.module.css'
import { useDesk, useEditor, useOutbox } from './useDesk'

/** A click must not take the keyboard from the stage: the next Enter is a decision. */
const KEEP_FOCUS = { onMouseDown: (event: MouseEvent): void => event.preventDefault() }

export function Notices({ resolve }: { resolve: () => void }) {
  const phase = useOutbox((state) => state.phase)
  const conflicts = useOutbox((state) => state.conflicts)
  const setAside = useOutbox((state) => state.setAside)
  return (
    <div className={classes.notices} role="status">
      {phase === 'offline' && (
        <p data-testid="offline">
          No network. Go on with the frames that are here; everything is sent when it is back.
        </p>
      )}
      {conflicts.length > 0 && (
        <p>
          {conflicts.length === 1 ? 'A frame was changed' : `${conflicts.length} frames were changed`} by somebody else
          meanwhile.{' '}
          <Button {...KEEP_FOCUS} size="compact-xs" variant="white" onClick={resolve}>
            Look at both
          </Button>
        </p>
      )}
      {setAside.length > 0 && <SetAside entries={setAside} />}
    </div>
  )
}

function SetAside({ entries }: { entries: readonly JournalEntry[] }) {
  const { outbox } = useDesk()
  const categories = useEditor((state) => state.categories)
  const [opened, setOpened] = useState(false)
  return (
    <div data-testid="set-aside">
      <p>
        {entries.length === 1 ? '1 change was not saved' : `${entries.length} changes were not saved`}.{' '}
        <Button {...KEEP_FOCUS} size="compact-xs" variant="white" onClick={() => setOpened(!opened)}>
          {opened ? 'Hide' : 'Show'}
        </Button>{' '}
        <Button
          {...KEEP_FOCUS}
          size="compact-xs"
          variant="white"
          onClick={() => void outbox.dismiss(entries.map(({ id }) => id))}
        >
          Dismiss
        </Button>
      </p>
      {opened && (
        <ul>
          {entries.map((entry) => (
            <li key={entry.id}>
              Frame {entry.frame}: {describeOperation(entry.step, categories)} –{' '}
              {entry.status === 'dropped' ? 'given up for the other version' : entry.reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
