/** Two people changed one frame: both versions side by side, and the person decides. Nothing is overwritten unseen. */

import { Button, Group, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { describeBox } from '../../../editor/math/box'
import { type LabelBox, type LabelCategory, type LabelledFrame, STATE_WORDS } from '../../../editor/scene/label'
import { replayed, type Step, sameLabel } from '../../../editor/scene/operations'
import { told } from '../../../i18n/told'
import type { Conflict } from '../saving/outboxState'
import { DeskDialog } from './DeskDialog'
import { describeOperation } from './describeOperation'
import classes from './desk.module.css'
import { useDesk, useEditor, useSession } from './useDesk'

interface ConflictDialogProps {
  conflict: Conflict | null
  close: () => void
}

export function ConflictDialog({ conflict, close }: ConflictDialogProps) {
  const { t } = useTranslation()
  return (
    <DeskDialog
      opened={conflict !== null}
      onClose={close}
      title={t(conflict?.heldBy ? 'audit.heldTitle' : 'audit.changedTitle')}
      size="44rem"
    >
      {conflict && <BothSides conflict={conflict} close={close} />}
    </DeskDialog>
  )
}

function BothSides({ conflict, close }: { conflict: Conflict; close: () => void }) {
  const { t } = useTranslation()
  const desk = useDesk()
  const categories = useEditor((state) => state.categories)
  const name = useSession(({ queue }) => queue.frames.find(({ id }) => id === conflict.frame)?.name)
  const steps = desk.outbox.stepsOf(conflict.frame)
  const settle = (choice: 'mine' | 'theirs'): void => {
    close()
    void desk.settle(conflict.frame, choice)
  }
  return (
    <Stack data-testid="conflict">
      <Text size="sm">
        {t('audit.conflictText', { name: name ?? conflict.frame })}{' '}
        {conflict.heldBy && t('audit.heldBy', { name: conflict.heldBy })}
      </Text>
      {conflict.current ? (
        <Differences theirs={conflict.current} steps={steps} categories={categories} />
      ) : (
        <ul>
          {steps.map((step) => (
            <li key={step.operation.id}>{describeOperation(step, categories, t)}</li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" onClick={close}>
          {t('audit.later')}
        </Button>
        <Button variant="default" onClick={() => settle('theirs')}>
          {t(conflict.heldBy ? 'audit.giveUpMine' : 'audit.takeTheirs')}
        </Button>
        <Button onClick={() => settle('mine')} data-autofocus>
          {t(conflict.heldBy ? 'audit.tryHeld' : 'audit.applyMine')}
        </Button>
      </Group>
    </Stack>
  )
}

interface DifferencesProps {
  theirs: LabelledFrame
  steps: readonly Step[]
  categories: readonly LabelCategory[]
}

/** Only the boxes that the two sides see differently. */
function Differences({ theirs, steps, categories }: DifferencesProps) {
  const { t } = useTranslation()
  const rows = useMemo(() => {
    const mine = replayed(theirs, steps)
    return mine.boxes
      .map((box) => ({ mine: box, theirs: theirs.boxes.find((other) => other.client_id === box.client_id) ?? null }))
      .filter((row) => !row.theirs || !sameLabel(row.mine, row.theirs))
  }, [theirs, steps])
  const nameOf = (box: LabelBox): string =>
    categories.find((category) => category.id === box.category)?.name ?? t('audit.ignore')
  if (rows.length === 0) return <Text size="sm">{t('audit.agreed')}</Text>
  return (
    <table className={classes.sides}>
      <thead>
        <tr>
          <th scope="col">{t('audit.theirs')}</th>
          <th scope="col">{t('audit.mine')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.mine.client_id}>
            <td>{row.theirs ? inWords(row.theirs, nameOf(row.theirs)) : t('audit.noSuchBox')}</td>
            <td>{inWords(row.mine, nameOf(row.mine))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const inWords = (box: LabelBox, name: string): string => told(`${name}, ${STATE_WORDS[box.state]}, ${describeBox(box)}`)
