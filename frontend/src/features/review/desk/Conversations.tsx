/** What was said about this frame, open first, and the way to say more. */
import { Button } from '@mantine/core'
import { IconGavel, IconMessagePlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../../api/me'
import type { Thread } from '../../../api/types'
import { useCommand, useDesk, useEditor } from '../../audit/components/useDesk'
import { Conversation } from './Conversation'
import classes from './review.module.css'

export function Conversations({ threads, frame }: { threads: readonly Thread[]; frame: number }) {
  const { t } = useTranslation()
  const { editor } = useDesk()
  const run = useCommand()
  const reading = useEditor((state) => state.thread)
  const mayReview = useRight('audit.review')
  const numbered = threads.map((thread, index) => ({ thread, number: index + 1 }))
  const sorted = [...numbered].sort(
    (a, b) => Number(a.thread.resolved_at !== null) - Number(b.thread.resolved_at !== null),
  )
  return (
    <section className={classes.conversations} aria-label={t('review.comments')} data-testid="conversations">
      <div className={classes.acts}>
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconMessagePlus size={14} />}
          onClick={() => run('comment')}
          data-leave-stage
        >
          {t('review.comment')} <kbd>I</kbd>
        </Button>
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconGavel size={14} />}
          onClick={() => run('review-frame')}
        >
          {t(mayReview ? 'review.review' : 'review.history')} <kbd>Ctrl+I</kbd>
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <ol className={classes.threads} tabIndex={0} aria-label={t('review.comments')}>
        {sorted.map(({ thread, number }) => (
          <Conversation
            key={thread.id}
            frame={frame}
            thread={thread}
            number={number}
            reading={thread.id === reading}
            read={() => {
              editor.select(thread.box)
              editor.set({ thread: thread.id })
            }}
          />
        ))}
        {threads.length === 0 && <li className={classes.none}>{t('review.nothingSaid')}</li>}
      </ol>
    </section>
  )
}
