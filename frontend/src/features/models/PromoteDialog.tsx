/** Make a model the serving one: what changes, and why it was done. */
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelDetail } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { modelsQuery, usePromote } from './queries'

export function PromoteDialog({ model, onClose }: { model: ModelDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const promote = usePromote(model.id)
  const serving = useQuery(modelsQuery).data?.results.find((other) => other.serving)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    promote.mutate(
      { note },
      {
        onSuccess: () => {
          onClose()
          notifyDone(t('models.promoted', { name: model.name }))
        },
      },
    )
  }
  return (
    <Modal opened onClose={onClose} title={t('models.promoteTitle', { name: model.name })}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {promote.error && <ErrorNote error={promote.error} />}
          <Text size="sm">
            {t('models.promoteText', { name: model.name })}
            {serving && ` ${t('models.promoteInstead', { name: serving.name })}`}
          </Text>
          <Textarea
            label={t('models.promoteNote')}
            description={t('models.promoteNoteHelp')}
            autosize
            minRows={2}
            maxLength={2000}
            data-autofocus
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={promote.isPending}>
              {t('models.promote')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
