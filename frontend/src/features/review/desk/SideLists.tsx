/** Under the reasons: the frame's boxes, or what people say about them. One place for both, so that nothing moves. */
import { SegmentedControl } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BoxList } from '../../audit/components/BoxList'
import { useEditor, useSession } from '../../audit/components/useDesk'
import { Conversations } from './Conversations'
import classes from './review.module.css'
import { usePins, useThreads } from './useThreads'

export function SideLists() {
  const { t } = useTranslation()
  const threads = useThreads()
  usePins(threads)
  const frame = useSession((state) => state.queue.current)
  const reading = useEditor((state) => state.thread)
  const returned = useEditor((state) => state.labelled?.frame.state === 'reopened')
  const open = threads.filter(({ resolved_at }) => resolved_at === null).length
  const [shown, setShown] = useState('boxes')
  // A frame that came back is about what was said of it.
  useEffect(() => {
    if (reading !== null || (returned && open > 0)) setShown('comments')
  }, [reading, returned, open])
  // biome-ignore lint/correctness/useExhaustiveDependencies: every frame begins with its boxes
  useEffect(() => setShown('boxes'), [frame])
  return (
    <>
      <SegmentedControl
        className={classes.choice}
        size="xs"
        fullWidth
        aria-label={t('review.lists')}
        value={shown}
        onChange={setShown}
        data={[
          { value: 'boxes', label: t('audit.boxes') },
          { value: 'comments', label: t('review.commentsCount', { count: open }) },
        ]}
      />
      {shown === 'boxes' ? <BoxList /> : <Conversations threads={threads} frame={frame ?? 0} />}
    </>
  )
}
