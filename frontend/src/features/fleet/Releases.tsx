/** Models for devices, and how far each is on its way to them. */
import {
  Badge,
  Button,
  FileInput,
  Group,
  NumberInput,
  Progress,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPackage } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatAgo } from '../../ui/format'
import classes from './fleet.module.css'
import { addRelease, releasesQuery, rollBack, rolloutsQuery, startRollout, useFleetWrite } from './queries'
import type { Release, Rollout } from './types'

const COLOURS = { canary: 'blue', rolling: 'blue', done: 'teal', rolled_back: 'red' } as const

export function Releases() {
  const { t } = useTranslation()
  const releases = useQuery(releasesQuery)
  const rollouts = useQuery(rolloutsQuery)
  const may = useRight('fleet.write')
  if (releases.isError) return <ErrorNote error={releases.error} retry={() => void releases.refetch()} />
  if (releases.isPending) return <Skeleton h={200} />
  return (
    <Stack maw={860} gap="lg">
      {may && <NewRelease />}
      {releases.data.length === 0 && (
        <EmptyState icon={IconPackage} title={t('fleet.releasesNone')}>
          {t('fleet.releasesNoneText')}
        </EmptyState>
      )}
      {may && releases.data.length > 0 && <NewRollout releases={releases.data} />}
      <div>
        {rollouts.data?.map((rollout) => (
          <RolloutRow key={rollout.id} rollout={rollout} may={may} />
        ))}
      </div>
    </Stack>
  )
}

function NewRelease() {
  const { t } = useTranslation()
  const [version, setVersion] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const add = useFleetWrite(addRelease)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file) add.mutate({ version, file }, { onSuccess: () => [setVersion(''), setFile(null)] })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput
          label={t('fleet.version')}
          required
          value={version}
          onChange={({ currentTarget }) => setVersion(currentTarget.value)}
        />
        <FileInput label={t('fleet.file')} required accept=".onnx,.zip" value={file} onChange={setFile} w={280} />
        <Button type="submit" variant="default" loading={add.isPending}>
          {t('fleet.upload')}
        </Button>
      </Group>
    </form>
  )
}

function NewRollout({ releases }: { releases: Release[] }) {
  const { t } = useTranslation()
  const [release, setRelease] = useState<string | null>(String(releases[0]?.id))
  const [share, setShare] = useState<number | string>(10)
  const [soak, setSoak] = useState<number | string>(30)
  const start = useFleetWrite(startRollout)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate({ release: Number(release), canary_share: Number(share) / 100, soak_minutes: Number(soak) })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <Select
          label={t('fleet.release')}
          data={releases.map(({ id, version }) => ({ value: String(id), label: version }))}
          value={release}
          onChange={setRelease}
          allowDeselect={false}
        />
        <NumberInput
          label={t('fleet.canary')}
          min={1}
          max={100}
          suffix=" %"
          value={share}
          onChange={setShare}
          w={170}
        />
        <NumberInput label={t('fleet.soak')} min={0} max={10080} value={soak} onChange={setSoak} w={170} />
        <Button type="submit" loading={start.isPending}>
          {t('fleet.rollout')}
        </Button>
      </Group>
    </form>
  )
}

function RolloutRow({ rollout, may }: { rollout: Rollout; may: boolean }) {
  const { t } = useTranslation()
  const back = useFleetWrite(rollBack)
  const { state, progress } = rollout
  return (
    <div className={classes.row}>
      <Stack gap={4} style={{ flex: 1 }}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {rollout.version}
          </Text>
          <Badge variant="light" color={COLOURS[state]}>
            {t(`fleet.rolloutState.${state}`)}
          </Badge>
          <Text size="xs" c="dimmed">
            {formatAgo(rollout.created_at)}
          </Text>
        </Group>
        <Progress.Root size="sm" role="img" aria-label={rollout.version}>
          <Progress.Section
            withAria={false}
            value={(100 * progress.installed) / Math.max(1, progress.ordered)}
            color="teal"
          />
          <Progress.Section
            withAria={false}
            value={(100 * progress.failed) / Math.max(1, progress.ordered)}
            color="red"
          />
        </Progress.Root>
        <Text size="xs" c="dimmed">
          {[t('fleet.progress', { ...progress }), rollout.reason].filter(Boolean).join(' · ')}
        </Text>
      </Stack>
      {may && state !== 'rolled_back' && (
        <Button size="compact-sm" variant="default" color="red" onClick={() => back.mutate(rollout.id)}>
          {t('fleet.back')}
        </Button>
      )}
    </div>
  )
}
