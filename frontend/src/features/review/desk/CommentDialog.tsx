/** Say something about the selected box, a point, or the frame. */
import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../../api/errors'
import { categoryOf, selectedBox } from '../../../editor/state'
import { DeskDialog } from '../../audit/components/DeskDialog'
import { useDesk, useEditor, useSession } from '../../audit/components/useDesk'
import { type NewThread, useBeginThread } from '../queries'
import { sendKey } from './sendKey'

type Where = 'box' | 'point' | 'frame'

export function CommentDialog() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'comment')
  const frame = useSession((state) => state.queue.current)
  const close = (): void => editor.set({ dialog: null, pinPoint: null })
  return (
    <DeskDialog opened={opened} onClose={close} title={t('review.newComment')} size="30rem">
      {frame !== null && <Writing frame={frame} close={close} />}
    </DeskDialog>
  )
}

function Writing({ frame, close }: { frame: number; close: () => void }) {
  const { t } = useTranslation()
  const desk = useDesk()
  const begin = useBeginThread(frame)
  const [text, setText] = useState('')
  const box = useEditor(selectedBox)
  const name = useEditor((state) => box && (categoryOf(state, box)?.name ?? t('audit.ignore')))
  const point = useEditor((state) => state.pinPoint)
  const [where, setWhere] = useState<Where>(point ? 'point' : box ? 'box' : 'frame')
  const places = [
    ...(box ? [{ value: 'box', label: name ?? '' }] : []),
    ...(point
      ? [{ value: 'point', label: t('review.atPoint', { x: Math.round(point.x), y: Math.round(point.y) }) }]
      : []),
    { value: 'frame', label: t('review.wholeFrame') },
  ]
  const send = (): void => {
    if (!text.trim()) return
    const pinned: Record<Where, Partial<NewThread>> = { box: { box: box?.client_id }, point: { ...point }, frame: {} }
    begin.mutate(
      { text, ...pinned[where] },
      {
        onSuccess: (thread) => {
          close()
          desk.editor.set({ thread: thread.id })
          desk.announce(t('review.saidDone'))
        },
      },
    )
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('review.about')}
        value={where}
        onChange={(value) => setWhere(value as Where)}
        data={places}
      />
      <Textarea
        data-autofocus
        autosize
        minRows={3}
        aria-label={t('review.text')}
        description={t('review.sendKeys')}
        inputWrapperOrder={['input', 'description', 'error']}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={sendKey(send)}
      />
      {begin.isError && (
        <Text size="sm" c="red" role="alert">
          {errorText(begin.error)}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button onClick={send} loading={begin.isPending} disabled={!text.trim()}>
          {t('review.send')}
        </Button>
      </Group>
    </Stack>
  )
}
