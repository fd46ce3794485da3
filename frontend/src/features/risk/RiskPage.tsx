/** `/models/risk`: what the order of the audit queue was worth in the whole workspace. */
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { PageHeader } from '../../ui/PageHeader'
import { AuditCurve } from './AuditCurve'

export function RiskPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader
        above={<TextLink to="/models">{t('models.title')}</TextLink>}
        title={t('risk.title')}
        lead={t('risk.lead')}
      />
      <AuditCurve drive={null} />
    </>
  )
}
