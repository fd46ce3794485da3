/** A lead's verdict on the frame, and those before it. Two leads at once: the second sees what the first said, and judges anew. */
import { Badge, Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../../../api/errors'
import { useRight } from '../../../api/me'
import type { FrameReviews, Verdict } from '../../../api/types'
import { categoryOf, selectedBox } from '../../../editor/state'
import { formatAgo } from '../../../ui/format'
import { DeskDialog } from '../../audit/components/DeskDialog'
import { useDesk, useEditor, useSession } from '../../audit/components/useDesk'
import { frameReviewsQuery, useJudge } from '../queries'
import classes from './review.module.css'
import { sendKey } from './sendKey'

const VERDICTS: readonly Verdict[] = ['accepted', 'returned', 'reopened']

export function ReviewDialog() {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'review')
  const frame = useSession((state) => state.queue.current)
  const close = (): void => editor.set({ dialog: null })
  return (
    <DeskDialog opened={opened} onClose={close} title={t('review.frameReview')} size="34rem">
      {frame !== null && <Judging frame={frame} close={close} />}
    </DeskDialog>
  )
}

function Judging({ frame, close }: { frame: number; close: () => void }) {
  const { t } = useTranslation()
  const reviews = useQuery(frameReviewsQuery(frame))
  const mayReview = useRight('audit.review')
  if (reviews.isError) return <Text c="red">{errorText(reviews.error)}</Text>
  if (!reviews.data) return <Text c="dimmed">…</Text>
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text size="sm">{t('review.stageIs')}</Text>
        <Badge variant="light" data-testid="review-stage">
          {t(`review.stage.${reviews.data.stage}`)}
        </Badge>
      </Group>
      {mayReview ? (
        <Verdicts frame={frame} reviews={reviews.data} close={close} />
      ) : (
        <Told>{t('review.leadsJudge')}</Told>
      )}
      <History reviews={reviews.data} />
    </Stack>
  )
}

function Verdicts({ frame, reviews, close }: { frame: number; reviews: FrameReviews; close: () => void }) {
  const { t } = useTranslation()
  const desk = useDesk()
  const judge = useJudge(frame)
  const box = useEditor(selectedBox)
  const name = useEditor((state) => box && (categoryOf(state, box)?.name ?? t('audit.ignore')))
  const head = useEditor((state) => state.labelled?.frame)
  const [verdict, setVerdict] = useState<Verdict>('accepted')
  const [text, setText] = useState('')
  const audited = head?.state === 'audited'
  if (!audited && reviews.stage !== 'returned') return <Told>{t('review.notAudited')}</Told>
  const allowed = audited ? VERDICTS : VERDICTS.filter((one) => one === 'reopened')
  const chosen = allowed.includes(verdict) ? verdict : 'reopened'
  const ready = chosen !== 'returned' || text.trim() !== ''
  const send = (): void => {
    if (!ready || !head) return
    const seen = reviews.results[0]?.id ?? null
    judge.mutate(
      {
        verdict: chosen,
        text: text.trim(),
        box: text.trim() && box ? box.client_id : null,
        seen,
        version: head.version,
      },
      {
        onSuccess: () => {
          close()
          desk.announce(t(`review.done.${chosen}`))
        },
        onSettled: () => void desk.reload(frame).catch(() => null),
      },
    )
  }
  return (
    <Stack gap="sm" onKeyDown={sendKey(send)}>
      <Radio.Group label={t('review.verdict')} value={chosen} onChange={(value) => setVerdict(value as Verdict)}>
        <Stack gap={6} mt={6}>
          {allowed.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`review.${one}`)}
              description={t(`review.${one}Text`)}
              data-autofocus={one === chosen || undefined}
              // The verdicts may come later than the dialog, which has looked for its first field by then.
              autoFocus={one === chosen}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        autosize
        minRows={2}
        label={box ? t('review.textAbout', { name }) : t('review.text')}
        required={chosen === 'returned'}
        description={t('review.sendKeys')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {judge.isError && (
        <Text size="sm" c="red" role="alert">
          {errorText(judge.error)} {t('review.lookAgain')}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('common.cancel')}
        </Button>
        <Button onClick={send} loading={judge.isPending} disabled={!ready}>
          {t(`review.${chosen}`)}
        </Button>
      </Group>
    </Stack>
  )
}

function History({ reviews: { results } }: { reviews: FrameReviews }) {
  const { t } = useTranslation()
  if (results.length === 0) return null
  return (
    <ol className={classes.history} aria-label={t('review.history')}>
      {results.map((review) => (
        <li key={review.id}>
          {t(`review.past.${review.verdict}`, { by: review.by.name, to: review.annotator?.name })},{' '}
          {formatAgo(review.created_at)}
          {review.text && <q>{review.text}</q>}
        </li>
      ))}
    </ol>
  )
}

const Told = ({ children }: { children: ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
)
