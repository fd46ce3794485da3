/** The desk's layout: bar, queue, stage, reasons, hints; dialogs and notices above it. */

import { Button, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../../ui/ButtonLink'
import { CommentDialog } from '../../review/desk/CommentDialog'
import { ReviewDialog } from '../../review/desk/ReviewDialog'
import { CompareDialog } from '../compare/CompareDialog'
import { Announcer } from './Announcer'
import { CommandPalette } from './CommandPalette'
import { ConflictDialog } from './ConflictDialog'
import { DeskKeySettings } from './DeskKeySettings'
import classes from './desk.module.css'
import { KeyHelp } from './KeyHelp'
import { KeyHints } from './KeyHints'
import { Notices } from './Notices'
import { QueueStrip } from './QueueStrip'
import { StageView } from './StageView'
import { TopBar } from './TopBar'
import { useDesk, useOutbox, useSession } from './useDesk'
import { WhyPanel } from './WhyPanel'

export function Desk() {
  const desk = useDesk()
  const navigate = useNavigate()
  const root = useRef<HTMLDivElement>(null)
  const phase = useSession((state) => state.phase)
  const conflict = useOutbox((state) => state.conflicts[0] ?? null)
  const [looking, setLooking] = useState(true)

  useEffect(() => {
    desk.focusPanels = () => root.current?.querySelector<HTMLElement>('[data-leave-stage]')?.focus()
    desk.showGrid = (category, drive) =>
      void navigate({ to: '/audit/grid', search: { category: category ?? undefined, drive: drive ?? undefined } })
    desk.showTrack = (track, drive) => void navigate({ to: '/audit/track', search: { track, drive } })
  }, [desk, navigate])
  // A new conflict is shown at once; "decide later" holds for that one.
  useEffect(() => setLooking(conflict !== null), [conflict])

  return (
    <div ref={root} className={classes.desk} data-testid="desk" data-phase={phase}>
      <TopBar />
      <QueueStrip />
      <StageView />
      <WhyPanel />
      <KeyHints />
      <Notices resolve={() => setLooking(true)} />
      {(phase === 'empty' || phase === 'failed') && <NothingHere />}
      <Announcer />
      <CommandPalette />
      <CompareDialog />
      <KeyHelp />
      <DeskKeySettings />
      <CommentDialog />
      <ReviewDialog />
      <ConflictDialog conflict={looking ? conflict : null} close={() => setLooking(false)} />
    </div>
  )
}

function NothingHere() {
  const { t } = useTranslation()
  const desk = useDesk()
  const phase = useSession((state) => state.phase)
  const failure = useSession((state) => state.failure)
  const finished = useSession((state) => state.finished)
  const failed = phase === 'failed'
  return (
    <div className={classes.finished} role="status">
      <Title order={2}>{t(failed ? 'audit.failed' : 'audit.empty')}</Title>
      <Text c="dimmed">
        {failed ? failure : finished === 0 ? t('audit.emptyText') : t('audit.emptyAfter', { count: finished })}
      </Text>
      {!failed && <Text c="dimmed">{t('audit.emptyStays')}</Text>}
      {failed ? (
        <Button onClick={() => void desk.begin()}>{t('audit.tryAgain')}</Button>
      ) : (
        <ButtonLink to="/audit" variant="default">
          {t('audit.back')}
        </ButtonLink>
      )}
    </div>
  )
}
