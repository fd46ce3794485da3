/** `/models/evaluations/$evaluationId`: how good a model is on a split, where it errs, and the frames behind it. */
import { Alert, Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Report } from '../../api/report'
import type { Evaluation } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { JobCard } from '../jobs/JobCard'
import { ModelLink, VersionLink } from '../models/links'
import { CategoryTable } from './CategoryTable'
import { ConfusionTable } from './ConfusionTable'
import { ErrorKinds } from './ErrorKinds'
import { ErrorList } from './ErrorList'
import { EvaluateDialog } from './EvaluateDialog'
import { FigureTiles } from './FigureTiles'
import { evaluationQuery, isRunning, reportQuery } from './queries'
import { Slices } from './Slices'
import { PARTS, type Part } from './search'
import { dataTitle } from './titles'
import { WorstFrames } from './WorstFrames'

/** With the plotting library, which only curves need. */
const Curves = lazy(() => import('./Curves').then((module) => ({ default: module.Curves })))

export function EvaluationPage() {
  const { t } = useTranslation()
  const { evaluationId } = useParams({ from: '/member/shell/models/evaluations/$evaluationId' })
  const evaluation = useQuery(evaluationQuery(Number(evaluationId)))
  if (evaluation.isError) return <ErrorNote error={evaluation.error} retry={() => void evaluation.refetch()} />
  if (!evaluation.data) return <Skeleton h={320} />
  const { model, dataset_version, figures } = evaluation.data
  return (
    <>
      <PageHeader
        above={
          <Group gap={6}>
            <TextLink to="/models">{t('models.title')}</TextLink>/
            <TextLink to="/models/evaluations">{t('evaluations.title')}</TextLink>
          </Group>
        }
        title={t('evaluations.titleOf', {
          model: model.name,
          data: dataTitle(evaluation.data, t('evaluations.everySplit')),
        })}
        lead={
          <Group gap="md">
            <ModelLink model={model} />
            <VersionLink version={dataset_version} />
          </Group>
        }
      />
      {figures ? <Measured evaluation={evaluation.data} /> : <Unmeasured evaluation={evaluation.data} />}
    </>
  )
}

/** Still running, or ended without figures: the job says why, and what to do. */
function Unmeasured({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation()
  const mayWrite = useRight('model.write')
  const [evaluating, { open, close }] = useDisclosure()
  const running = isRunning(evaluation)
  return (
    <Stack>
      {evaluation.job && <JobCard job={evaluation.job} />}
      <Alert color={running ? 'blue' : 'red'} variant="light" icon={<IconInfoCircle size={18} />}>
        <Group justify="space-between">
          <Text size="sm">{t(running ? 'evaluations.running' : 'evaluations.failed')}</Text>
          {!running && mayWrite && (
            <Button size="compact-sm" variant="default" onClick={open}>
              {t('evaluations.again')}
            </Button>
          )}
        </Group>
      </Alert>
      {evaluating && <EvaluateDialog model={evaluation.model} onClose={close} />}
    </Stack>
  )
}

function Measured({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation()
  const report = useQuery(reportQuery(evaluation.id))
  return (
    <Stack gap="lg">
      <FigureTiles figures={evaluation.figures ?? {}} />
      {report.isError && <ErrorNote error={report.error} retry={() => void report.refetch()} />}
      {report.isPending && <Skeleton h={480} />}
      {report.data && (
        <>
          <Text size="sm" c="dimmed">
            {t('evaluations.facts', {
              frames: t('counted.frames', { count: report.data.frames }),
              truths: report.data.truths,
              detections: report.data.detections,
            })}{' '}
            {t('evaluations.cut', { score: report.data.threshold.toFixed(2) })}
          </Text>
          <Parts report={report.data} />
        </>
      )}
    </Stack>
  )
}

function Parts({ report }: { report: Report }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/models/evaluations/$evaluationId' })
  const search = useSearch({ from: '/member/shell/models/evaluations/$evaluationId' })
  const show = (part: Part) => void navigate({ search: { part }, replace: true, resetScroll: false })
  return (
    <Tabs value={search.part ?? 'figures'} onChange={(part) => show(part as Part)} keepMounted={false}>
      <Tabs.List aria-label={t('evaluations.parts')} mb="md">
        {PARTS.map((part) => (
          <Tabs.Tab key={part} value={part}>
            {t(`evaluations.part.${part}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="figures">
        <Stack gap="lg">
          <CategoryTable categories={report.per_category} />
          <Slices slices={report.slices} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="curves">
        <Suspense fallback={<Skeleton h={460} />}>
          <Curves curves={report.pr_curves} />
        </Suspense>
      </Tabs.Panel>
      <Tabs.Panel value="confusion">
        <ConfusionTable confusion={report.confusion} />
      </Tabs.Panel>
      <Tabs.Panel value="frames">
        <WorstFrames frames={report.worst_frames} />
      </Tabs.Panel>
      <Tabs.Panel value="errors">
        <Stack gap="lg">
          <ErrorKinds counts={report.error_counts} />
          <ErrorList report={report} filter={search} />
        </Stack>
      </Tabs.Panel>
    </Tabs>
  )
}
