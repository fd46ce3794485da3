/** `/training/new`: a form made from what the workers can run, with an estimate before anyone waits. */
import { Alert, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { datasetsQuery } from '../datasets/queries'
import { modelsQuery } from '../models/queries'
import { LaunchForm } from './LaunchForm'
import { methodsQuery, runQuery, runsQuery } from './queries'

export function LaunchPage() {
  const { t } = useTranslation()
  const { from, init } = useSearch({ from: '/member/shell/training/new' })
  const methods = useQuery(methodsQuery)
  const models = useQuery(modelsQuery)
  const datasets = useQuery(datasetsQuery)
  const runs = useQuery(runsQuery)
  const clone = useQuery({ ...runQuery(from ?? 0), enabled: from !== undefined })
  const failed = methods.error ?? models.error ?? datasets.error ?? runs.error ?? clone.error
  const ready = methods.data && models.data && datasets.data && runs.data && (from === undefined || clone.data)
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={t('training.launchTitle')}
        lead={t('training.launchLead')}
      />
      {failed && <ErrorNote error={failed} />}
      {!failed && !ready && <Skeleton h={520} />}
      {methods.data?.results.length === 0 && <Alert color="orange">{t('training.noMethods')}</Alert>}
      {ready && methods.data.results.length > 0 && (
        <LaunchForm
          methods={methods.data.results}
          models={models.data.results}
          datasets={datasets.data.results}
          taken={runs.data.results.map(({ name }) => name)}
          clone={clone.data}
          init={init ?? null}
        />
      )}
    </>
  )
}
