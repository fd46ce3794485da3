/** `/training`: every run, how far it is and how good it became; some of them side by side. */
import { Button, Checkbox, Progress, Skeleton, Table, Text } from '@mantine/core'
import { IconBrain, IconPlus, IconScale } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { TrainingRun } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo, formatDuration, formatFigure } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { Comparisons } from '../comparisons/Comparisons'
import { JobStateBadge } from '../jobs/JobStateBadge'
import { progressOf } from '../jobs/polling'
import { ModelLink, VersionLink } from '../models/links'
import { isTraining, runsQuery } from './queries'
import classes from './training.module.css'

export function TrainingPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const runs = useQuery(runsQuery)
  const mayWrite = useRight('model.write')
  const [chosen, setChosen] = useState<number[]>([])
  const launch = (
    <ButtonLink to="/training/new" leftSection={<IconPlus size={16} />} disabled={!mayWrite}>
      {t('training.launch')}
    </ButtonLink>
  )
  const compare = () => void navigate({ to: '/training/compare', search: { ids: chosen } })
  const toggle = (id: number) =>
    setChosen((ids) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]))
  const actions = (
    <>
      <Button variant="default" disabled={chosen.length < 2} onClick={compare}>
        {chosen.length < 2 ? t('training.compare') : t('training.compareCount', { count: chosen.length })}
      </Button>
      <ButtonLink
        to="/training/comparisons/new"
        variant="default"
        leftSection={<IconScale size={16} />}
        disabled={!mayWrite}
      >
        {t('comparisons.start')}
      </ButtonLink>
      {launch}
    </>
  )
  return (
    <>
      <PageHeader title={t('training.title')} lead={t('training.lead')} actions={actions} />
      <Comparisons />
      {runs.isError && <ErrorNote error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isPending && <Skeleton h={240} />}
      {runs.data?.results.length === 0 && (
        <EmptyState icon={IconBrain} title={t('training.none')} action={mayWrite && launch}>
          {t('training.noneText')}
        </EmptyState>
      )}
      {runs.data && runs.data.results.length > 0 && (
        <RunTable runs={runs.data.results} chosen={chosen} onToggle={toggle} />
      )}
    </>
  )
}

interface RunTableProps {
  runs: TrainingRun[]
  chosen: number[]
  onToggle: (id: number) => void
}

function RunTable({ runs, chosen, onToggle }: RunTableProps) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing="xs" highlightOnHover className={classes.numbers}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36} aria-label={t('training.compare')} />
            <Table.Th>{t('training.run')}</Table.Th>
            <Table.Th w={190}>{t('training.state')}</Table.Th>
            <Table.Th>{t('training.method')}</Table.Th>
            <Table.Th>{t('training.data')}</Table.Th>
            <Table.Th>{t('training.loss')}</Table.Th>
            <Table.Th>{t('training.best')}</Table.Th>
            <Table.Th>{t('training.makes')}</Table.Th>
            <Table.Th>{t('training.started')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={t('training.choose', { name: run.name })}
                  checked={chosen.includes(run.id)}
                  onChange={() => onToggle(run.id)}
                />
              </Table.Td>
              <Table.Td>
                <TextLink to="/training/$runId" params={{ runId: String(run.id) }} fz="sm" fw={500}>
                  {run.name}
                </TextLink>
              </Table.Td>
              <Table.Td>
                <RunState run={run} />
              </Table.Td>
              <Table.Td>{[run.method, run.size].filter(Boolean).join(' · ')}</Table.Td>
              <Table.Td>
                {run.dataset_version ? <VersionLink version={run.dataset_version} /> : t('training.rendered')}
              </Table.Td>
              <Table.Td>{run.latest?.loss?.toFixed(3) ?? '–'}</Table.Td>
              <Table.Td>{formatFigure(run.best?.AP)}</Table.Td>
              <Table.Td>{run.model ? <ModelLink model={run.model} /> : '–'}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {formatAgo(run.created_at)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** A badge when it has ended; a bar with what is left while it trains. */
function RunState({ run }: { run: TrainingRun }) {
  if (!run.job) return <>–</>
  if (!isTraining(run)) return <JobStateBadge job={run.job} />
  const left = run.job.seconds_left
  return (
    <>
      <Progress value={(progressOf(run.job) ?? 0) * 100} size="sm" aria-label={run.name} />
      <Text size="xs" c="dimmed" mt={2}>
        {run.iteration ?? 0} / {run.iterations}
        {left !== null && ` · ${formatDuration(left)}`}
      </Text>
    </>
  )
}
