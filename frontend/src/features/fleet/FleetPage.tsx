/** `/fleet`: the devices on the road, their alarms, what they are asked for, which model they run, and a simulator. */
import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../ui/PageHeader'
import { AlarmFeed } from './AlarmFeed'
import { Campaigns } from './Campaigns'
import { Devices } from './Devices'
import { Releases } from './Releases'
import { Simulator } from './Simulator'
import { isRoom, ROOMS } from './search'

const CONTENT = { devices: Devices, alarms: AlarmFeed, campaigns: Campaigns, releases: Releases, simulator: Simulator }

export function FleetPage() {
  const { t } = useTranslation()
  const { room = 'devices' } = useSearch({ from: '/member/shell/fleet' })
  const navigate = useNavigate()
  const Content = CONTENT[room]
  return (
    <>
      <PageHeader title={t('fleet.title')} lead={t('fleet.lead')} />
      <Tabs
        value={room}
        keepMounted={false}
        onChange={(value) => isRoom(value) && void navigate({ to: '/fleet', search: { room: value } })}
      >
        <Tabs.List mb="lg">
          {ROOMS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`fleet.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={room}>
          <Content />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
