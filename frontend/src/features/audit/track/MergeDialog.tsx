/** Which other track is the same object: those that share no time with this one, nearest first, each by its digit. */

import { Kbd, Modal, Stack, Text, UnstyledButton } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelCategory } from '../../../editor/scene/label'
import type { TrackSession } from './TrackSession'
import classes from './track.module.css'

interface MergeDialogProps {
  readonly session: TrackSession
  readonly categories: readonly LabelCategory[]
  readonly opened: boolean
  close(): void
}

export function MergeDialog({ session, categories, opened, close }: MergeDialogProps) {
  const { t } = useTranslation()
  const others = opened ? session.mergeable() : []
  const merge = (id: number): void => {
    void session.merge(id)
    close()
  }
  const keyDown = (event: KeyboardEvent): void => {
    const other = others[Number(event.key) - 1]
    if (other) merge(other.id)
  }
  return (
    <Modal opened={opened} onClose={close} title={t('track.mergeTitle')} onKeyDown={keyDown}>
      {others.length === 0 ? (
        <Text>{t('track.mergeNone')}</Text>
      ) : (
        <Stack gap={4}>
          {others.map((other, place) => (
            <UnstyledButton
              key={other.id}
              className={classes.choice}
              data-autofocus={place === 0 || undefined}
              onClick={() => merge(other.id)}
            >
              <Kbd>{place + 1}</Kbd> {categories.find(({ id }) => id === other.category)?.name ?? '–'} {other.number},{' '}
              {t('track.span', { start: other.start, end: other.end })}
            </UnstyledButton>
          ))}
        </Stack>
      )}
    </Modal>
  )
}
