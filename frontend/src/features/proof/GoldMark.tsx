/** The star of a frame whose labels a lead vouches for. Shown on audited frames, to leads. */
import { ActionIcon } from '@mantine/core'
import { IconStar, IconStarFilled } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { notifyError } from '../../ui/notify'
import classes from './proof.module.css'
import { goldQuery, useGold } from './queries'

export function GoldMark({ frame, name }: { frame: number; name: string }) {
  const { t } = useTranslation()
  const mayReview = useRight('audit.review')
  const gold = useQuery({ ...goldQuery, enabled: mayReview })
  const mark = useGold(frame)
  if (!mayReview || !gold.data) return null
  const marked = gold.data.results.some((row) => row.frame === frame)
  return (
    <ActionIcon
      className={classes.gold}
      size="sm"
      variant="filled"
      color={marked ? 'yellow.8' : 'dark.5'}
      aria-pressed={marked}
      aria-label={t('proof.gold', { name })}
      title={t(marked ? 'proof.isGold' : 'proof.makeGold')}
      loading={mark.isPending}
      onClick={() => mark.mutate(!marked, { onError: notifyError })}
    >
      {marked ? <IconStarFilled size={13} /> : <IconStar size={13} />}
    </ActionIcon>
  )
}
