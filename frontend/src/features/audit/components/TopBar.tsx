/** Where one is, how far, whether it is saved, and one step back. */

import { ActionIcon, Kbd, Progress, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconCommand, IconHelp, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { ariaChord, spoken } from '../../../editor/commands/chord'
import { commandOf } from '../../../editor/commands/registry'
import { actingChords } from '../../../editor/keys/ownKeys'
import { openBoxes } from '../../../editor/scene/order'
import { formatAbout } from '../../../ui/format'
import { Others } from '../../team/Others'
import { useOwnKeys } from '../keys/useKeys'
import { titleOf } from '../keys/words'
import { queuedFrame } from '../session/queue'
import classes from './desk.module.css'
import { SaveState } from './SaveState'
import { useCommand, useEditor, useSession } from './useDesk'
import { ViewSettings } from './ViewSettings'

const ICONS = { undo: IconArrowBackUp, redo: IconArrowForwardUp, palette: IconCommand, help: IconHelp }

export function TopBar() {
  const { t } = useTranslation()
  return (
    <header className={classes.top}>
      <Tooltip label={t('audit.leave')}>
        <ActionIcon component={Link} to="/audit" variant="subtle" color="gray" aria-label={t('audit.leave')}>
          <IconX size={18} />
        </ActionIcon>
      </Tooltip>
      <Place />
      <FrameProgress />
      <div className={classes.spring} />
      <Others />
      <SaveState />
      <CommandButton id="undo" />
      <CommandButton id="redo" />
      <ViewSettings />
      <CommandButton id="palette" />
      <CommandButton id="help" />
    </header>
  )
}

function Place() {
  const { t } = useTranslation()
  const frame = useSession((state) => queuedFrame(state.queue, state.queue.current))
  return (
    <div className={classes.place}>
      <strong title={frame?.driveName}>{frame?.driveName ?? t('audit.title')}</strong>
      <span title={frame?.name}>{frame?.name}</span>
    </div>
  )
}

/** Frames done in this sitting against all that wait, and the boxes left on this one. */
function FrameProgress() {
  const { t } = useTranslation()
  const finished = useSession((state) => state.finished)
  const total = useSession((state) => state.total)
  const open = useEditor((state) => openBoxes(state.labelled?.boxes ?? []).length)
  return (
    <div className={classes.progress}>
      <span>{t('audit.frames', { finished, total: formatAbout(total, 1000) })}</span>
      <Progress
        value={total === 0 ? 0 : (100 * finished) / total}
        size="sm"
        w={96}
        aria-label={t('audit.framesDone')}
      />
      <span className={classes.dim}>{t('audit.boxesLeft', { count: open })}</span>
    </div>
  )
}

const CommandButton = memo(function CommandButton({ id }: { id: keyof typeof ICONS }) {
  const Icon = ICONS[id]
  const command = commandOf(id)
  const run = useCommand()
  const { t } = useTranslation()
  const title = titleOf(command, t)
  const own = useOwnKeys()
  const chords = actingChords(command, own)
  const [key] = chords
  return (
    <Tooltip
      label={
        <>
          {title} {key && <Kbd size="xs">{spoken(key)}</Kbd>}
        </>
      }
    >
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={title}
        aria-keyshortcuts={chords.map(ariaChord).join(' ')}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => run(id)}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
})
