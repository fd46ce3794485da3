/** `/fleet`: the devices on the road. None can be registered yet, and the page says so. */
import { IconCar } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'

export function FleetPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t('fleet.title')} lead={t('fleet.lead')} />
      <EmptyState
        icon={IconCar}
        title={t('fleet.none')}
        action={<ButtonLink to="/drives">{t('fleet.toDrives')}</ButtonLink>}
      >
        {t('fleet.text')}
      </EmptyState>
    </>
  )
}
