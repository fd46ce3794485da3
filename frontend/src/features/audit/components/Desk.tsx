/** The desk's layout: bar, queue, stage, reasons, hints; dialogs and notices above it. */

import { Button, Text, Title } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { ButtonLink } from '../../../ui/ButtonLink'
import { Announcer } from './Announcer'
import { CommandPalette } from './CommandPalette'
import { ConflictDialog } from './ConflictDialog'
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
  const root = useRef<HTMLDivElement>(null)
  const phase = useSession((state) => state.phase)
  const conflict = useOutbox((state) => state.conflicts[0] ?? null)
  const [looking, setLooking] = useState(true)

  useEffect(() => {
    desk.focusPanels = () => root.current?.querySelector<HTMLElement>('[data-leave-stage]')?.focus()
  }, [desk])
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
      <KeyHelp />
      <ConflictDialog conflict={looking ? conflict : null} close={() => setLooking(false)} />
    </div>
  )
}

function NothingHere() {
  const desk = useDesk()
  const phase = useSession((state) => state.phase)
  const failure = useSession((state) => state.failure)
  const finished = useSession((state) => state.finished)
  const failed = phase === 'failed'
  return (
    <div className={classes.finished} role="status">
      <Title order={2}>{failed ? 'The desk could not open' : 'Nothing waits for you'}</Title>
      <Text c="dimmed">
        {failed
          ? failure
          : `${finished === 0 ? 'Every frame here' : `You finished ${finished} frames. Everything else`} is audited or with somebody else.`}
      </Text>
      {failed ? (
        <Button onClick={() => void desk.begin()}>Try again</Button>
      ) : (
        <ButtonLink to="/audit" variant="default">
          Back to the queue
        </ButtonLink>
      )}
    </div>
  )
}
