/** `/training/$runId/frames`: choose frames, let the models predict on them, and look at what distillation changed. */
import { Alert, Button, Group, NumberInput, Paper, Select, Skeleton, Stack } from '@mantine/core'
import { IconColumns3, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/errors'
import { useRight } from '../../api/me'
import type { Job } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { drivesQuery } from '../footage/queries'
import { JobProgress } from '../jobs/JobProgress'
import { isActive } from '../jobs/polling'
import { useJobOrder } from '../jobs/queries'
import { runQuery } from '../training/queries'
import { predictionSetQuery, predictionSetsQuery, usePredict, type Wanted } from './queries'
import { Viewer } from './Viewer'

export function SideBySidePage() {
  const { t } = useTranslation()
  const runId = Number(useParams({ from: '/member/shell/training/$runId/frames' }).runId)
  const [chosen, setChosen] = useState<number | null>(null)
  const [run, sets] = [useQuery(runQuery(runId)), useQuery(predictionSetsQuery(runId))]
  const id = chosen ?? sets.data?.results[0]?.id
  const shown = useQuery(predictionSetQuery(id))
  const failed = [run, sets, shown].find(({ isError }) => isError)
  return (
    <>
      <PageHeader
        above={
          <TextLink to="/training/$runId" params={{ runId: String(runId) }}>
            {run.data?.name ?? t('training.title')}
          </TextLink>
        }
        title={t('sideBySide.title')}
        lead={t('sideBySide.lead')}
      />
      <Stack gap="lg">
        {failed && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
        <Choice run={runId} onMade={setChosen} />
        {sets.data && sets.data.results.length > 1 && (
          <Select
            maw={320}
            label={t('sideBySide.set')}
            allowDeselect={false}
            data={sets.data.results.map(({ id: set, frames, created_at }) => ({
              value: String(set),
              label: t('sideBySide.setOf', { count: frames.length, when: formatAgo(created_at) }),
            }))}
            value={id === undefined ? null : String(id)}
            onChange={(set) => setChosen(Number(set))}
          />
        )}
        {sets.data?.results.length === 0 && (
          <EmptyState icon={IconColumns3} title={t('sideBySide.none')}>
            {t('sideBySide.noneText')}
          </EmptyState>
        )}
        {id !== undefined && !shown.data && !failed && <Skeleton h={360} />}
        {shown.data?.found && <Viewer key={shown.data.id} found={shown.data.found} />}
        {shown.data && !shown.data.found && shown.data.job && <Making job={shown.data.job} />}
      </Stack>
    </>
  )
}

function Choice({ run, onMade }: { run: number; onMade: (id: number) => void }) {
  const { t } = useTranslation()
  const mayWrite = useRight('model.write')
  const drives = useQuery(drivesQuery)
  const predict = usePredict(run)
  const [wanted, setWanted] = useState<Wanted>({ drive: null, count: 12 })
  const fields = predict.error instanceof ApiError ? predict.error.fields : {}
  return (
    <Paper withBorder p="md">
      <Group align="flex-start" gap="md">
        <Select
          label={t('sideBySide.frames')}
          w={300}
          clearable
          searchable
          placeholder={t('sideBySide.usual')}
          data={(drives.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={wanted.drive === null ? null : String(wanted.drive)}
          onChange={(drive) => setWanted({ ...wanted, drive: drive === null ? null : Number(drive) })}
          error={fields.drive}
        />
        <NumberInput
          label={t('sideBySide.count')}
          w={120}
          min={1}
          max={40}
          allowDecimal={false}
          value={wanted.count}
          onChange={(count) => setWanted({ ...wanted, count: Number(count) || 1 })}
          error={fields.count}
        />
        <Button
          mt={21}
          leftSection={<IconPlayerPlay size={16} />}
          disabled={!mayWrite}
          loading={predict.isPending}
          onClick={() => predict.mutate(wanted, { onSuccess: ({ id }) => onMade(id) })}
        >
          {t('sideBySide.predict')}
        </Button>
      </Group>
      {predict.error && Object.keys(fields).length === 0 && <ErrorNote error={predict.error} />}
    </Paper>
  )
}

/** How far the models are; or why they did not come to an end. */
function Making({ job }: { job: Job }) {
  const { t } = useTranslation()
  const cancel = useJobOrder('cancel')
  const mayStop = useRight('jobs.write')
  if (!isActive(job))
    return (
      <Alert color="red" title={t('sideBySide.failed', { why: job.error?.detail ?? job.state })}>
        {job.error?.hint}
      </Alert>
    )
  return (
    <Paper withBorder p="md">
      <JobProgress job={job} />
      <Button
        mt="sm"
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={14} />}
        disabled={!mayStop || job.cancel_requested}
        onClick={() => cancel.mutate(job.id)}
      >
        {t('sideBySide.stop')}
      </Button>
    </Paper>
  )
}
