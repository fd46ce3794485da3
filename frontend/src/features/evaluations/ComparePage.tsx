/** `/models/evaluations/compare?ids=`: several evaluations of the same data, figure by figure, and whether a difference is more than luck. */
import { Alert, Skeleton, Stack } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { modelsQuery } from '../models/queries'
import { runQuery } from '../training/queries'
import { CompareTable } from './CompareTable'
import { type SeededRun, sameData, seedGroups } from './compare'
import { evaluationQuery } from './queries'
import { SeedTable } from './SeedTable'
import { dataTitle } from './titles'

/** With the plotting library. */
const CompareCurves = lazy(() => import('./CompareCurves').then((module) => ({ default: module.CompareCurves })))

export function ComparePage() {
  const { t } = useTranslation()
  const { ids } = useSearch({ from: '/member/shell/models/evaluations/compare' })
  const queries = useQueries({ queries: ids.map((id) => evaluationQuery(id)) })
  const failed = queries.find(({ isError }) => isError)
  const evaluations = queries.flatMap(({ data }) => data ?? [])
  const first = evaluations[0]
  return (
    <>
      <PageHeader
        above={<TextLink to="/models/evaluations">{t('evaluations.title')}</TextLink>}
        title={t('evaluations.compareTitle')}
        lead={first && `${dataTitle(first, t('evaluations.everySplit'))}. ${t('evaluations.compareLead')}`}
      />
      {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
      {ids.length < 2 && <Alert color="gray">{t('evaluations.compareHint')}</Alert>}
      {!failed && evaluations.length < ids.length && <Skeleton h={320} />}
      {!failed && evaluations.length === ids.length && ids.length > 1 && <Compared evaluations={evaluations} />}
    </>
  )
}

function Compared({ evaluations }: { evaluations: Evaluation[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/models/evaluations/compare' })
  const groups = seedGroups(evaluations, useRuns(evaluations))
  const makeFirst = (id: number) =>
    void navigate({
      search: ({ ids }) => ({ ids: [id, ...(ids ?? []).filter((other) => other !== id)] }),
      replace: true,
      resetScroll: false,
    })
  return (
    <Stack gap="lg">
      {!sameData(evaluations) && (
        <Alert color="orange" variant="light">
          {t('evaluations.compareOther')}
        </Alert>
      )}
      <CompareTable evaluations={evaluations} comparable={sameData(evaluations)} onBase={makeFirst} />
      {groups.length > 0 && <SeedTable groups={groups} />}
      <Suspense fallback={<Skeleton h={460} />}>
        <CompareCurves evaluations={evaluations} />
      </Suspense>
    </Stack>
  )
}

/** The training run of each evaluated model that has one, by the model's id. */
function useRuns(evaluations: readonly Evaluation[]): ReadonlyMap<number, SeededRun> {
  const models = useQuery(modelsQuery).data?.results ?? []
  const trained = models.filter(
    ({ id, training_run }) => training_run !== null && evaluations.some(({ model }) => model.id === id),
  )
  const runs = useQueries({ queries: trained.map(({ training_run }) => runQuery(training_run ?? 0)) })
  return new Map(
    trained.flatMap(({ id }, at) => {
      const run = runs[at]?.data
      return run ? [[id, run] as const] : []
    }),
  )
}
