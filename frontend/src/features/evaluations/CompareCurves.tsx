/** Precision over recall of several evaluations in one plot, for one category at a time. */
import { Group, Paper, Select, Skeleton, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { ErrorNote } from '../../ui/ErrorNote'
import { CurvePlot } from './CurvePlot'
import { ALL, colourOf, curveNames } from './curves'
import { reportQuery } from './queries'

export function CompareCurves({ evaluations }: { evaluations: Evaluation[] }) {
  const { t } = useTranslation()
  const reports = useQueries({ queries: evaluations.map(({ id }) => reportQuery(id)) })
  const [category, setCategory] = useState(ALL)
  const failed = reports.find(({ isError }) => isError)
  const names = [...new Set(reports.flatMap(({ data }) => (data ? curveNames(data.pr_curves) : [])))]
  const lines = evaluations.flatMap(({ id, model }, at) => {
    const curve = reports[at]?.data?.pr_curves[category]
    return curve ? [{ name: `${model.name} #${id}`, colour: colourOf(at), curve }] : []
  })
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="compared-curves">
      <Group justify="space-between" mb="md">
        <Title order={2} size="h4" id="compared-curves">
          {t('evaluations.curves')}
        </Title>
        <Select
          aria-label={t('evaluations.curveOf')}
          searchable
          allowDeselect={false}
          data={names.map((name) => ({ value: name, label: name === ALL ? t('evaluations.allCategories') : name }))}
          value={category}
          onChange={(name) => setCategory(name ?? ALL)}
        />
      </Group>
      {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
      {reports.some(({ isPending }) => isPending) ? <Skeleton h={380} /> : <CurvePlot lines={lines} />}
    </Paper>
  )
}
