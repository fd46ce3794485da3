/** How far the drive's frames have come, in numbers and as a bar, and the jobs that change them now. */
import { Group, Paper, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Drive } from '../../api/types'
import { formatCount } from '../../ui/format'
import { StateBar } from '../../ui/StateBar'
import { JobCard } from '../jobs/JobCard'
import classes from './footage.module.css'
import { stateShares } from './states'

/** More than a few cards would push the frames off the screen; the drawer shows the rest. */
const JOBS_SHOWN = 3

export function DriveStatus({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const shares = stateShares(drive.counts, (state) => t(`footage.state.${state}`))
  // The table of files shows each file's own ingest.
  const jobs = drive.jobs.filter(({ kind }) => kind !== 'extract_frames')
  const shown = shares.filter(({ count }) => count > 0)
  return (
    <Stack gap="sm" mb="md">
      {drive.counts.frames > 0 && (
        <Paper withBorder px="md" py="sm">
          <Group justify="space-between" mb={8} gap="lg">
            <Group gap="lg">
              {shown.map(({ label, count, colour }) => (
                <Group key={label} gap={6}>
                  <span className={classes.dot} style={{ background: colour }} />
                  <Text size="sm">
                    <b>{formatCount(count)}</b> {label}
                  </Text>
                </Group>
              ))}
            </Group>
            <Text size="sm" c="dimmed">
              {drive.label_model
                ? t('footage.labelledBy', { model: drive.label_model.name })
                : t('footage.notLabelled')}
            </Text>
          </Group>
          <StateBar shares={shares} height={10} />
        </Paper>
      )}
      {jobs.slice(0, JOBS_SHOWN).map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
      {jobs.length > JOBS_SHOWN && (
        <Text size="xs" c="dimmed">
          {t('footage.moreJobs', { count: jobs.length - JOBS_SHOWN })}
        </Text>
      )}
    </Stack>
  )
}
