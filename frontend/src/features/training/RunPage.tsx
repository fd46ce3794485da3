/** `/training/$runId`: a run while it trains and after: curves, set-up, log, and what came of it. */
import { Alert, Button, Grid, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconColumns3, IconCopy, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { TrainingRun } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { JobProgress } from '../jobs/JobProgress'
import { JobStateBadge } from '../jobs/JobStateBadge'
import { useJobOrder } from '../jobs/queries'
import { ModelLink, VersionLink } from '../models/links'
import { isTraining, runLogQuery, runQuery, useResume } from './queries'
import classes from './training.module.css'

/** With the plotting library. */
const RunCurves = lazy(() => import('./RunCurves').then((module) => ({ default: module.RunCurves })))

export function RunPage() {
  const { t } = useTranslation()
  const { runId } = useParams({ from: '/member/shell/training/$runId' })
  const query = useQuery(runQuery(Number(runId)))
  if (query.isError) return <ErrorNote error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton h={420} />
  const run = query.data
  return (
    <>
      <PageHeader
        above={<TextLink to="/training">{t('training.title')}</TextLink>}
        title={run.name}
        actions={<Orders run={run} />}
      />
      <Stack gap="lg">
        {run.job && <Standing run={run} />}
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 8 }}>
            <Suspense fallback={<Skeleton h={760} />}>
              <RunCurves run={run} />
            </Suspense>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <Stack gap="lg">
              <SetUp run={run} />
              <Log run={run} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  )
}

function Orders({ run }: { run: TrainingRun }) {
  const { t } = useTranslation()
  const mayWrite = useRight('model.write')
  const mayStop = useRight('jobs.write')
  const cancel = useJobOrder('cancel')
  const resume = useResume(run.id)
  const { job } = run
  const resumable = job !== null && (job.state === 'failed' || job.state === 'cancelled')
  return (
    <>
      {job && isTraining(run) && (
        <Button
          variant="default"
          color="red"
          leftSection={<IconPlayerStop size={16} />}
          disabled={!mayStop || job.cancel_requested}
          loading={cancel.isPending}
          title={t('training.cancelHelp')}
          onClick={() => cancel.mutate(job.id)}
        >
          {t('training.cancel')}
        </Button>
      )}
      {resumable && (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!mayWrite}
          loading={resume.isPending}
          onClick={() => resume.mutate()}
        >
          {t('training.resume')}
        </Button>
      )}
      {run.model && (
        <ButtonLink
          to="/training/$runId/frames"
          params={{ runId: String(run.id) }}
          variant="default"
          leftSection={<IconColumns3 size={16} />}
        >
          {t('sideBySide.title')}
        </ButtonLink>
      )}
      <ButtonLink
        to="/training/new"
        search={{ from: run.id }}
        variant="default"
        leftSection={<IconCopy size={16} />}
        disabled={!mayWrite}
      >
        {t('training.clone')}
      </ButtonLink>
    </>
  )
}

/** How far it is; or why it ended, and what to do. */
function Standing({ run }: { run: TrainingRun }) {
  const { t } = useTranslation()
  const job = run.job
  if (!job) return null
  if (isTraining(run))
    return (
      <Paper withBorder p="md">
        <JobProgress job={job} />
        {job.cancel_requested && (
          <Text size="sm" c="orange" mt={4}>
            {t('training.stopping')}
          </Text>
        )}
      </Paper>
    )
  return (
    <Group gap="sm" align="flex-start">
      <JobStateBadge job={job} />
      {job.error && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={job.error.detail} flex={1}>
          {job.error.hint}
        </Alert>
      )}
    </Group>
  )
}

function SetUp({ run }: { run: TrainingRun }) {
  const { t } = useTranslation()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="set-up">
      <Title order={2} size="h4" id="set-up" mb="sm">
        {t('training.setup')}
      </Title>
      <dl className={classes.facts}>
        <dt>{t('training.makes')}</dt>
        <dd>{run.model ? <ModelLink model={run.model} /> : '–'}</dd>
        <dt>{t('training.method')}</dt>
        <dd>{[run.method, run.family, run.size].filter(Boolean).join(' · ')}</dd>
        <dt>{t('training.begin')}</dt>
        <dd>{run.init ? <ModelLink model={run.init} /> : t('training.fresh')}</dd>
        {run.teacher && (
          <>
            <dt>{t('training.teacher')}</dt>
            <dd>
              <ModelLink model={run.teacher} />
            </dd>
          </>
        )}
        <dt>{t('training.data')}</dt>
        <dd>{run.dataset_version ? <VersionLink version={run.dataset_version} /> : t('training.rendered')}</dd>
        {run.dataset_version && (
          <>
            <dt>{t('training.trainSplit')}</dt>
            <dd>{run.train_split}</dd>
            <dt>{t('training.validationSplit')}</dt>
            <dd>{run.validation_split || t('training.noValidation')}</dd>
          </>
        )}
        <dt>{t('training.seed')}</dt>
        <dd>{run.seed}</dd>
        <dt>{t('training.code')}</dt>
        <dd>{run.code_version}</dd>
        {run.comparison && (
          <>
            <dt>{t('training.comparison')}</dt>
            <dd>
              <TextLink
                to="/training/comparisons/$comparisonId"
                params={{ comparisonId: String(run.comparison.id) }}
                fz="sm"
              >
                {run.comparison.name}
              </TextLink>
            </dd>
          </>
        )}
        {run.cloned_from && (
          <>
            <dt>{t('training.clonedFrom')}</dt>
            <dd>
              <TextLink to="/training/compare" search={{ ids: [run.cloned_from.id, run.id] }} fz="sm">
                {run.cloned_from.name}
              </TextLink>
            </dd>
          </>
        )}
        {Object.entries(run.options).map(([name, value]) => [
          <dt key={`${name} name`}>{name}</dt>,
          <dd key={name}>{String(value)}</dd>,
        ])}
      </dl>
    </Paper>
  )
}

function Log({ run }: { run: TrainingRun }) {
  const { t } = useTranslation()
  const log = useQuery(runLogQuery(run.id, isTraining(run)))
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="run-log">
      <Title order={2} size="h4" id="run-log" mb="sm">
        {t('training.log')}
      </Title>
      {log.isError && <ErrorNote error={log.error} retry={() => void log.refetch()} />}
      {log.isPending && <Skeleton h={60} />}
      {log.data && <pre className={classes.log}>{log.data.text || t('training.emptyLog')}</pre>}
    </Paper>
  )
}
