/** How many frames wait for a lead's eye, and how many conversations are open: each count leads to what it counts. */
import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { formatCount } from '../../ui/format'
import { reviewSummaryQuery } from './queries'
import { STAGES } from './search'

export function ReviewState({ team = false }: { team?: boolean }) {
  const { t } = useTranslation()
  const counts = useQuery(reviewSummaryQuery)
  if (!counts.data) return null
  const { open_threads, ...stages } = counts.data
  const shown = STAGES.filter((stage) => stages[stage] > 0)
  return (
    <Group gap="md" mb="lg" component="nav" aria-label={t('review.title')}>
      {team && (
        <TextLink to="/audit/team" size="sm" fw={600}>
          {t('team.title')}
        </TextLink>
      )}
      <TextLink to="/audit/review" search={{ stage: STAGES[0] }} size="sm" fw={600}>
        {t('review.title')}
      </TextLink>
      {shown.map((stage) => (
        <TextLink key={stage} to="/audit/review" search={{ stage }} size="sm">
          {t(`review.stage.${stage}`)}: {formatCount(stages[stage])}
        </TextLink>
      ))}
      {open_threads > 0 && (
        <TextLink to="/audit/review" search={{ stage: 'comments' }} size="sm">
          {t('review.openComments')}: {formatCount(open_threads)}
        </TextLink>
      )}
    </Group>
  )
}
