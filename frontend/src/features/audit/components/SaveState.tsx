/** Is it safe? One line that is always there: saved, saving, offline, conflict, logged out, or not journalled. */

import { IconAlertTriangle, IconCheck, IconCloudOff, IconLock, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { OutboxState } from '../saving/outboxState'
import classes from './desk.module.css'
import { useOutbox } from './useDesk'

interface Saying {
  readonly icon: ReactNode
  readonly text: string
  readonly tone: 'calm' | 'busy' | 'warn'
}

const ICON = { size: 15, 'aria-hidden': true } as const

export function SaveState() {
  const phase = useOutbox((state) => state.phase)
  const waiting = useOutbox((state) => state.waiting)
  const journalled = useOutbox((state) => state.journalled)
  const { icon, text, tone } = saying(phase, waiting)
  return (
    <output className={classes.saved} data-tone={tone} data-testid="save-state" data-phase={phase}>
      {icon}
      {text}
      {!journalled && (
        <span title="This browser stores nothing: closing the page loses what waits."> · not stored</span>
      )}
    </output>
  )
}

function saying(phase: OutboxState['phase'], waiting: number): Saying {
  switch (phase) {
    case 'saved':
      return { icon: <IconCheck {...ICON} />, text: 'saved', tone: 'calm' }
    case 'saving':
      return { icon: <IconRefresh {...ICON} />, text: 'saving', tone: 'busy' }
    case 'offline':
      return { icon: <IconCloudOff {...ICON} />, text: `offline: ${waiting} waiting`, tone: 'warn' }
    case 'conflict':
      return { icon: <IconAlertTriangle {...ICON} />, text: 'conflict', tone: 'warn' }
    case 'signed-out':
      return { icon: <IconLock {...ICON} />, text: `logged out: ${waiting} waiting`, tone: 'warn' }
  }
}
