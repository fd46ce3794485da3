/** `/drives/$driveId`: one journey - its files coming in, its frames, and what to do with them next. */
import { Button, Divider, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChecklist, IconPencil, IconSparkles } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Drive } from '../../api/types'
import { ButtonLink, TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { notifyDone } from '../../ui/notify'
import { PageHeader } from '../../ui/PageHeader'
import { LabelImports } from '../exchange/LabelImports'
import { AuditBound } from '../risk/AuditBound'
import { ClipTable } from './ClipTable'
import { DriveDialog } from './DriveDialog'
import { DriveStatus } from './DriveStatus'
import { FrameGrid } from './FrameGrid'
import { PrelabelDialog } from './PrelabelDialog'
import { driveQuery } from './queries'
import { openFrames } from './states'
import { UploadZone } from './upload/UploadZone'

/** With its plot, which a drive without audits does without. */
const AuditCurve = lazy(() => import('../risk/AuditCurve').then((module) => ({ default: module.AuditCurve })))

export function DrivePage() {
  const { t } = useTranslation()
  const id = Number(useParams({ from: '/member/shell/drives/$driveId' }).driveId)
  const drive = useQuery(driveQuery(id))
  const mayUpload = useRight('footage.write')
  if (drive.isError) return <ErrorNote error={drive.error} retry={() => void drive.refetch()} />
  if (!drive.data) return <DriveSkeleton />
  return (
    <>
      <PageHeader
        above={<TextLink to="/drives">{t('footage.drives')}</TextLink>}
        title={drive.data.name}
        lead={<Facts drive={drive.data} />}
        actions={<Actions drive={drive.data} />}
      />
      <DriveStatus drive={drive.data} />
      {mayUpload && <UploadZone drive={drive.data} />}
      <ClipTable drive={drive.data} />
      <LabelImports drive={drive.data} />
      <Divider my="lg" />
      <FrameGrid drive={drive.data} />
      {labelled(drive.data) && (
        <>
          <Divider my="lg" />
          <AuditBound drive={id} />
        </>
      )}
      {drive.data.counts.audited > 0 && (
        <Suspense fallback={<Skeleton h={480} />}>
          <AuditCurve drive={id} />
        </Suspense>
      )}
    </>
  )
}

/** With labels to draw from, or to have drawn from. */
function labelled({ counts }: Drive): boolean {
  return openFrames(counts) + counts.audited > 0
}

function Facts({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const sampling = drive.sample_every
    ? t('footage.sampledEvery', { count: drive.sample_every })
    : t('footage.sampledFps', { fps: drive.sample_fps })
  const taxonomy = `${drive.taxonomy.name} v${drive.taxonomy.version}`
  const facts = [drive.place, drive.time_of_day, drive.weather, drive.vehicle, drive.camera, taxonomy, sampling]
  return <Text size="sm">{facts.filter(Boolean).join(' · ')}</Text>
}

function Actions({ drive }: { drive: Drive }) {
  const { t } = useTranslation()
  const mayEdit = useRight('footage.write')
  const mayLabel = useRight('prelabel.run')
  const [editing, edit] = useDisclosure()
  const [labelling, label] = useDisclosure()
  const open = openFrames(drive.counts)
  return (
    <>
      {mayEdit && (
        <Button variant="default" leftSection={<IconPencil size={16} />} onClick={edit.open}>
          {t('common.edit')}
        </Button>
      )}
      {mayLabel && (
        <Button
          variant={open > 0 ? 'default' : 'filled'}
          leftSection={<IconSparkles size={16} />}
          disabled={drive.counts.frames === 0}
          onClick={label.open}
        >
          {t('footage.prelabel')}
        </Button>
      )}
      {open > 0 && (
        <ButtonLink to="/audit" search={{ drive: drive.id }} leftSection={<IconChecklist size={16} />}>
          {t('footage.auditThis')}
        </ButtonLink>
      )}
      {editing && <DriveDialog drive={drive} onClose={edit.close} onSaved={() => notifyDone(t('common.saved'))} />}
      {labelling && <PrelabelDialog drive={drive} onClose={label.close} />}
    </>
  )
}

function DriveSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton h={56} w={360} mb="lg" />
      <Skeleton h={64} mb="md" />
      <Skeleton h={110} mb="md" />
      <Skeleton h={320} />
    </div>
  )
}
