/** `/training/compare?ids=`: curves of several runs over each other, and the options in which they differ. */
import { Alert, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrainingRun } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatFigure } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { differences } from './launch'
import { runQuery } from './queries'
import classes from './training.module.css'

/** With the plotting library. */
const ComparedCurves = lazy(() => import('./ComparedCurves').then((module) => ({ default: module.ComparedCurves })))

export function CompareRunsPage() {
  const { t } = useTranslation()
  const { ids } = useSearch({ from: '/member/shell/training/compare' })
  const queries = useQueries({ queries: ids.map((id) => runQuery(id)) })
  const failed = queries.find(({ isError }) => isError)
  const runs = queries.flatMap(({ data }) => data ?? [])
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={t('training.compareTitle')}
        lead={t('training.compareLead')}
      />
      {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
      {ids.length < 2 && <Alert color="gray">{t('training.compareHint')}</Alert>}
      {!failed && runs.length < ids.length && <Skeleton h={420} />}
      {!failed && ids.length > 1 && runs.length === ids.length && (
        <Stack gap="lg">
          <Suspense fallback={<Skeleton h={760} />}>
            <ComparedCurves runs={runs} />
          </Suspense>
          <Differing runs={runs} />
        </Stack>
      )}
    </>
  )
}

function Differing({ runs }: { runs: TrainingRun[] }) {
  const { t } = useTranslation()
  const rows = differences(runs, { rendered: t('training.rendered'), fresh: t('training.fresh') })
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="differing">
      <Title order={2} size="h4" id="differing" mb="sm">
        {t('training.differing')}
      </Title>
      <Table.ScrollContainer minWidth={480}>
        <Table className={classes.numbers}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {runs.map(({ id, name }) => (
                <Table.Th key={id}>
                  <TextLink to="/training/$runId" params={{ runId: String(id) }} fz="sm">
                    {name}
                  </TextLink>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, values }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                {runs.map(({ id }, at) => (
                  <Table.Td key={id}>{values[at]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Th scope="row">{t('training.best')}</Table.Th>
              {runs.map(({ id, best }) => (
                <Table.Td key={id}>{formatFigure(best?.AP)}</Table.Td>
              ))}
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('training.noDifference')}
        </Text>
      )}
    </Paper>
  )
}
