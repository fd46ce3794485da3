/** An address that leads nowhere. */
import { IconMapOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../ui/ButtonLink'
import { EmptyState } from '../ui/EmptyState'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={IconMapOff}
      title={t('shell.notFound')}
      action={<ButtonLink to="/">{t('shell.goHome')}</ButtonLink>}
    >
      {t('shell.notFoundText')}
    </EmptyState>
  )
}
