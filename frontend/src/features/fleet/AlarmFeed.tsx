/** Every alarm of the fleet, the newest first, as they come. */
import { Skeleton } from '@mantine/core'
import { IconBellRinging } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { AlarmRow } from './AlarmRow'
import { alarmsQuery } from './queries'

export function AlarmFeed() {
  const { t } = useTranslation()
  const alarms = useQuery(alarmsQuery())
  if (alarms.isError) return <ErrorNote error={alarms.error} retry={() => void alarms.refetch()} />
  if (alarms.isPending) return <Skeleton h={240} />
  if (alarms.data.length === 0)
    return (
      <EmptyState icon={IconBellRinging} title={t('fleet.alarmsNone')}>
        {t('fleet.alarmsNoneText')}
      </EmptyState>
    )
  return (
    <section aria-label={t('fleet.alarms')}>
      {alarms.data.map((alarm) => (
        <AlarmRow key={alarm.id} alarm={alarm} named />
      ))}
    </section>
  )
}
