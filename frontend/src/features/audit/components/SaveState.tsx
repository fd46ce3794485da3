/** Is it safe? One line that is always there: saved, saving, offline, conflict, logged out, or not journalled. */

import { IconAlertTriangle, IconCheck, IconCloudOff, IconLock, IconRefresh } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
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
  return <SavePhase phase={phase} waiting={waiting} journalled={journalled} />
}

/** The same line for any page that has an outbox. */
export function SavePhase({ phase, waiting, journalled }: Pick<OutboxState, 'phase' | 'waiting' | 'journalled'>) {
  const { t } = useTranslation()
  const { icon, text, tone } = saying(phase, waiting, t)
  return (
    <output className={classes.saved} data-tone={tone} data-testid="save-state" data-phase={phase}>
      {icon}
      {text}
      {!journalled && <span title={t('audit.notStoredText')}> · {t('audit.notStored')}</span>}
    </output>
  )
}

function saying(phase: OutboxState['phase'], count: number, t: TFunction): Saying {
  switch (phase) {
    case 'saved':
      return { icon: <IconCheck {...ICON} />, text: t('audit.saved'), tone: 'calm' }
    case 'saving':
      return { icon: <IconRefresh {...ICON} />, text: t('audit.saving'), tone: 'busy' }
    case 'offline':
      return { icon: <IconCloudOff {...ICON} />, text: t('audit.offline', { count }), tone: 'warn' }
    case 'conflict':
      return { icon: <IconAlertTriangle {...ICON} />, text: t('audit.conflict'), tone: 'warn' }
    case 'signed-out':
      return { icon: <IconLock {...ICON} />, text: t('audit.signedOut', { count }), tone: 'warn' }
  }
}
