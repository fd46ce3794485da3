/** The device's agent on a drive of the store: start it, watch it work, play what the driver would have seen. */
import { Button, Group, NumberInput, Select, Stack, Text, Title } from '@mantine/core'
import { IconSteeringWheel } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Job } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { EmptyState } from '../../ui/EmptyState'
import { formatAgo } from '../../ui/format'
import { drivesQuery } from '../footage/queries'
import { JobProgress } from '../jobs/JobProgress'
import { JobStateBadge } from '../jobs/JobStateBadge'
import { simulate, simulationsQuery, useFleetWrite } from './queries'
import { SimulationPlayer } from './SimulationPlayer'

export function Simulator() {
  const { t } = useTranslation()
  const { job: shown } = useSearch({ from: '/member/shell/fleet' })
  const jobs = useQuery(simulationsQuery)
  const may = useRight('fleet.write')
  const chosen = jobs.data?.find(({ id }) => id === shown) ?? jobs.data?.[0]
  return (
    <Stack gap="lg">
      {may && <Launch />}
      {jobs.data?.length === 0 && (
        <EmptyState icon={IconSteeringWheel} title={t('fleet.simulateNone')}>
          {t('fleet.simulateNoneText')}
        </EmptyState>
      )}
      {chosen && <Shown job={chosen} />}
      {jobs.data && jobs.data.length > 1 && <Past jobs={jobs.data} />}
    </Stack>
  )
}

function Launch() {
  const { t } = useTranslation()
  const drives = useQuery(drivesQuery)
  const navigate = useNavigate()
  const [drive, setDrive] = useState<string | null>(null)
  const [speed, setSpeed] = useState<number | string>(50)
  const start = useFleetWrite(simulate)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate(
      { drive: Number(drive), speed_kmh: Number(speed) },
      { onSuccess: (job) => void navigate({ to: '/fleet', search: { room: 'simulator', job: job.id } }) },
    )
  }
  const choices = (drives.data?.results ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <Select label={t('fleet.drive')} required searchable data={choices} value={drive} onChange={setDrive} w={320} />
        <NumberInput label={t('fleet.speed')} min={0} max={250} value={speed} onChange={setSpeed} w={160} />
        <Button
          type="submit"
          disabled={drive === null}
          loading={start.isPending}
          leftSection={<IconSteeringWheel size={16} />}
        >
          {t('fleet.simulate')}
        </Button>
      </Group>
    </form>
  )
}

function Shown({ job }: { job: Job }) {
  const { t } = useTranslation()
  if (job.state === 'succeeded') return <SimulationPlayer key={job.id} job={job} />
  return (
    <Stack gap="xs" maw={620}>
      <Group gap="xs">
        <Text size="sm">{job.state === 'running' ? t('fleet.simulating') : job.title}</Text>
        <JobStateBadge job={job} />
      </Group>
      <JobProgress job={job} />
      <Text size="sm" c="red">
        {job.error?.detail}
      </Text>
    </Stack>
  )
}

function Past({ jobs }: { jobs: Job[] }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('fleet.past')}>
      <Title order={2} size="h5">
        {t('fleet.past')}
      </Title>
      {jobs.map((job) => (
        <Group key={job.id} gap="xs" mt={4}>
          <TextLink to="/fleet" search={{ room: 'simulator', job: job.id }} fz="sm">
            {job.title}
          </TextLink>
          <JobStateBadge job={job} />
          <Text size="xs" c="dimmed">
            {formatAgo(job.created_at)}
          </Text>
        </Group>
      ))}
    </section>
  )
}
