/** `/training/comparisons/new`: which methods, how many seeds, and everything that all of their runs share. */
import { Alert, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { datasetsQuery } from '../datasets/queries'
import { modelsQuery } from '../models/queries'
import { methodsQuery } from '../training/queries'
import { ComparisonForm } from './ComparisonForm'
import { comparisonsQuery } from './queries'

export function NewComparisonPage() {
  const { t } = useTranslation()
  const [methods, models, datasets] = [useQuery(methodsQuery), useQuery(modelsQuery), useQuery(datasetsQuery)]
  const comparisons = useQuery(comparisonsQuery)
  const failed = [methods, models, datasets, comparisons].find(({ isError }) => isError)
  const ready = methods.data && models.data && datasets.data && comparisons.data
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={t('comparisons.newTitle')}
        lead={t('comparisons.newLead')}
      />
      {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && !ready && <Skeleton h={520} />}
      {methods.data?.results.length === 0 && <Alert color="orange">{t('training.noMethods')}</Alert>}
      {ready && methods.data.results.length > 0 && (
        <ComparisonForm
          methods={methods.data.results}
          models={models.data.results}
          datasets={datasets.data.results}
          taken={comparisons.data.results.map(({ name }) => name)}
        />
      )}
    </>
  )
}
