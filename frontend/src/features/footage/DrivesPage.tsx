/** `/drives`: every journey, how far its frames have come, and the way to record a new one. */
import { Button, SimpleGrid, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { PageHeader } from '../../ui/PageHeader'
import { DriveCard } from './DriveCard'
import { DriveDialog } from './DriveDialog'
import { drivesQuery } from './queries'

export function DrivesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const drives = useQuery(drivesQuery)
  const mayWrite = useRight('footage.write')
  const [creating, { open, close }] = useDisclosure()
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={open} disabled={!mayWrite}>
      {t('footage.newDrive')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('footage.drives')} lead={t('footage.drivesLead')} actions={create} />
      {drives.isError && <ErrorNote error={drives.error} retry={() => void drives.refetch()} />}
      {drives.data?.results.length === 0 && (
        <EmptyState icon={IconRoute} title={t('footage.noDrives')} action={mayWrite && create}>
          {t(mayWrite ? 'footage.noDrivesText' : 'footage.noDrivesReader')}
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="md">
        {drives.isPending && [0, 1, 2, 3].map((card) => <Skeleton key={card} h={250} />)}
        {drives.data?.results.map((drive) => (
          <DriveCard key={drive.id} drive={drive} />
        ))}
      </SimpleGrid>
      {creating && (
        <DriveDialog
          onClose={close}
          onSaved={({ id }) => void navigate({ to: '/drives/$driveId', params: { driveId: String(id) } })}
        />
      )}
    </>
  )
}
