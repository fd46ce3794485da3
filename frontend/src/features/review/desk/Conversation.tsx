/** One conversation: where it is pinned, who said what, an answer, and whether it is settled. */
import { Button, Textarea } from '@mantine/core'
import { IconCheck, IconPencil, IconRotate } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useRight } from '../../../api/me'
import type { Thread, ThreadComment } from '../../../api/types'
import { formatAgo, formatDate } from '../../../ui/format'
import { notifyError } from '../../../ui/notify'
import { useEditor } from '../../audit/components/useDesk'
import { useAnswer, useResolve, useReword } from '../queries'
import classes from './review.module.css'
import { sendKey } from './sendKey'

interface ConversationProps {
  frame: number
  thread: Thread
  number: number
  reading: boolean
  read: () => void
}

export function Conversation({ frame, thread, number, reading, read }: ConversationProps) {
  const { t } = useTranslation()
  const item = useRef<HTMLLIElement>(null)
  const resolve = useResolve(frame)
  const mayWrite = useRight('audit.write')
  const resolved = thread.resolved_at !== null
  useEffect(() => {
    if (reading) item.current?.scrollIntoView?.({ block: 'nearest' })
  }, [reading])
  return (
    <li ref={item} className={classes.thread} data-reading={reading || undefined} data-resolved={resolved || undefined}>
      <div className={classes.head}>
        <button type="button" className={classes.place} aria-expanded={reading} onClick={read}>
          <span className={classes.number}>{resolved ? '✓' : number}</span>
          <Place thread={thread} />
        </button>
        {mayWrite && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={resolve.isPending}
            leftSection={resolved ? <IconRotate size={13} /> : <IconCheck size={13} />}
            onClick={() => resolve.mutate({ thread, resolved: !resolved }, { onError: notifyError })}
          >
            {t(resolved ? 'review.openAgain' : 'review.resolve')}
          </Button>
        )}
      </div>
      {thread.comments.map((comment) => (
        <Said key={comment.id} comment={comment} frame={frame} />
      ))}
      {thread.resolved_by && (
        <p className={classes.quiet}>{t('review.resolvedBy', { name: thread.resolved_by.name })}</p>
      )}
      {reading && mayWrite && <Answer frame={frame} thread={thread.id} />}
    </li>
  )
}

/** "truck", "at 120,80" or "the whole frame". */
function Place({ thread: { box, x, y } }: { thread: Thread }) {
  const { t } = useTranslation()
  const category = useEditor((state) => state.labelled?.boxes.find(({ client_id }) => client_id === box)?.category)
  const name = useEditor((state) => state.categories.find(({ id }) => id === category)?.name)
  if (name) return <strong>{name}</strong>
  if (x === null || y === null) return <strong>{t('review.wholeFrame')}</strong>
  return <strong>{t('review.atPoint', { x: Math.round(x), y: Math.round(y) })}</strong>
}

function Said({ comment, frame }: { comment: ThreadComment; frame: number }) {
  const { t } = useTranslation()
  const me = useMe()
  const reword = useReword(frame)
  const [editing, setEditing] = useState<string | null>(null)
  const save = (): void =>
    reword.mutate(
      { id: comment.id, version: comment.version, text: editing ?? '' },
      { onSuccess: () => setEditing(null), onError: notifyError },
    )
  return (
    <div className={classes.said}>
      <p className={classes.quiet}>
        {comment.author.name},{' '}
        <time dateTime={comment.created_at} title={formatDate(comment.created_at)}>
          {formatAgo(comment.created_at)}
        </time>
        {comment.edited_at && `, ${t('review.edited')}`}
        {me?.id === comment.author.id && editing === null && (
          <button type="button" aria-label={t('review.reword')} onClick={() => setEditing(comment.text)}>
            <IconPencil size={13} />
          </button>
        )}
      </p>
      {editing === null ? (
        <p>{comment.text}</p>
      ) : (
        <Textarea
          size="xs"
          autosize
          autoFocus
          aria-label={t('review.reword')}
          description={t('review.sendKeys')}
          inputWrapperOrder={['input', 'description', 'error']}
          value={editing}
          onChange={(event) => setEditing(event.currentTarget.value)}
          onKeyDown={sendKey(save, () => setEditing(null))}
        />
      )}
    </div>
  )
}

function Answer({ frame, thread }: { frame: number; thread: number }) {
  const { t } = useTranslation()
  const answer = useAnswer(frame)
  const [text, setText] = useState('')
  const send = (): void => {
    if (text.trim()) answer.mutate({ thread, text }, { onSuccess: () => setText(''), onError: notifyError })
  }
  return (
    <Textarea
      size="xs"
      autosize
      mt={4}
      aria-label={t('review.answer')}
      placeholder={t('review.answer')}
      description={t('review.sendKeys')}
      inputWrapperOrder={['input', 'description', 'error']}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={sendKey(send, () => setText(''))}
    />
  )
}
