/** `/audit/team`: who does what. */
import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { PageHeader } from '../../ui/PageHeader'
import { Agreed } from '../consensus/Agreed'
import { ReviewState } from '../review/ReviewState'
import { Assignments } from './Assignments'
import { Figures } from './Figures'
import { PresentNow } from './PresentNow'

export function TeamPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader
        title={t('team.title')}
        lead={t('team.lead')}
        above={<TextLink to="/audit">{t('audit.title')}</TextLink>}
      />
      <ReviewState />
      <Stack gap="xl">
        <PresentNow />
        <Figures />
        <Agreed />
        <Assignments />
      </Stack>
    </>
  )
}
