/** `/models/evaluations`: everything that was measured; two or more of the same data can be compared. */
import { Button, Group, Select, Skeleton, Text } from '@mantine/core'
import { IconArrowsDiff, IconChartBar } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Evaluation } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { sameData } from './compare'
import { EvaluationTable } from './EvaluationTable'
import { evaluationsQuery } from './queries'
import { dataTitle } from './titles'

export function EvaluationsPage() {
  const { t } = useTranslation()
  const evaluations = useQuery(evaluationsQuery)
  return (
    <>
      <PageHeader
        above={<TextLink to="/models">{t('models.title')}</TextLink>}
        title={t('evaluations.title')}
        lead={t('evaluations.lead')}
      />
      {evaluations.isError && <ErrorNote error={evaluations.error} retry={() => void evaluations.refetch()} />}
      {evaluations.isPending && <Skeleton h={240} />}
      {evaluations.data?.results.length === 0 && (
        <EmptyState
          icon={IconChartBar}
          title={t('evaluations.none')}
          action={<ButtonLink to="/models">{t('evaluations.toModels')}</ButtonLink>}
        >
          {t('evaluations.noneText')}
        </EmptyState>
      )}
      {evaluations.data && evaluations.data.results.length > 0 && <Choice evaluations={evaluations.data.results} />}
    </>
  )
}

function Choice({ evaluations }: { evaluations: Evaluation[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [data, setData] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const titleOf = (evaluation: Evaluation) => dataTitle(evaluation, t('evaluations.everySplit'))
  const shown = evaluations.filter((evaluation) => data === null || titleOf(evaluation) === data)
  const compared = evaluations.filter(({ id }) => chosen.has(id))
  const fits = sameData(compared)
  const choose = (id: number, on: boolean) =>
    setChosen((before) => new Set(on ? [...before, id] : [...before].filter((other) => other !== id)))
  return (
    <>
      <Group justify="space-between" align="flex-end" mb="sm">
        <Select
          w={300}
          clearable
          searchable
          label={t('evaluations.onlyData')}
          placeholder={t('evaluations.anyData')}
          data={[...new Set(evaluations.map(titleOf))]}
          value={data}
          onChange={setData}
        />
        <Group gap="sm">
          <Text size="sm" c={fits ? 'dimmed' : 'red'} role={fits ? undefined : 'alert'}>
            {t(fits ? 'evaluations.compareHint' : 'evaluations.compareOther')}
          </Text>
          <Button
            leftSection={<IconArrowsDiff size={16} />}
            disabled={chosen.size < 2 || !fits}
            onClick={() => void navigate({ to: '/models/evaluations/compare', search: { ids: [...chosen] } })}
          >
            {t('evaluations.compareCount', { count: chosen.size })}
          </Button>
        </Group>
      </Group>
      <EvaluationTable evaluations={shown} choice={{ chosen, onChoose: choose }} />
    </>
  )
}
