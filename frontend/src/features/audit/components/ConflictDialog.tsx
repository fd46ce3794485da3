/** Two people changed one frame: both versions side by side, and the person decides. Nothing is overwritten unseen. */

import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { describeBox } from '../../../editor/math/box'
import { type LabelBox, type LabelCategory, type LabelledFrame, STATE_WORDS } from '../../../editor/scene/label'
import { replayed, type Step, sameLabel } from '../../../editor/scene/operations'
import type { Conflict } from '../saving/outboxState'
import { describeOperation } from './describeOperation'
import classes from './desk.module.css'
import { useDesk, useEditor, useSession } from './useDesk'

interface ConflictDialogProps {
  conflict: Conflict | null
  close: () => void
}

export function ConflictDialog({ conflict, close }: ConflictDialogProps) {
  return (
    <Modal
      opened={conflict !== null}
      onClose={close}
      title={conflict?.heldBy ? 'Somebody else audits this frame' : 'This frame was changed by somebody else'}
      size="44rem"
      transitionProps={{ duration: 0 }}
    >
      {conflict && <BothSides conflict={conflict} close={close} />}
    </Modal>
  )
}

function BothSides({ conflict, close }: { conflict: Conflict; close: () => void }) {
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
        Frame {name ?? conflict.frame}. Nothing of yours was sent yet, and nothing is lost.
        {conflict.heldBy && ` ${conflict.heldBy} holds it now.`}
      </Text>
      {conflict.current ? (
        <Differences theirs={conflict.current} steps={steps} categories={categories} />
      ) : (
        <ul>
          {steps.map((step) => (
            <li key={step.operation.id}>{describeOperation(step, categories)}</li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button variant="subtle" color="gray" onClick={close}>
          Decide later
        </Button>
        <Button variant="default" onClick={() => settle('theirs')}>
          {conflict.heldBy ? 'Give up mine' : 'Take theirs'}
        </Button>
        <Button onClick={() => settle('mine')} data-autofocus>
          {conflict.heldBy ? 'Try again' : 'Apply mine again on top'}
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
  const rows = useMemo(() => {
    const mine = replayed(theirs, steps)
    return mine.boxes
      .map((box) => ({ mine: box, theirs: theirs.boxes.find((other) => other.client_id === box.client_id) ?? null }))
      .filter((row) => !row.theirs || !sameLabel(row.mine, row.theirs))
  }, [theirs, steps])
  if (rows.length === 0) return <Text size="sm">Both sides agree on every box; only the order differs.</Text>
  return (
    <table className={classes.sides}>
      <thead>
        <tr>
          <th scope="col">Theirs, now on the server</th>
          <th scope="col">Mine, on top</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.mine.client_id}>
            <td>{row.theirs ? inWords(row.theirs, categories) : 'no such box'}</td>
            <td>{inWords(row.mine, categories)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function inWords(box: LabelBox, categories: readonly LabelCategory[]): string {
  const name = categories.find((category) => category.id === box.category)?.name ?? 'ignore region'
  return `${name}, ${STATE_WORDS[box.state]}, ${describeBox(box)}`
}
