/** `/admin/control`: what administrators did, what is stored and taken away, who has access, and who outside is told. */
import { Alert, Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import { TextLink } from '../../ui/ButtonLink'
import { PageHeader } from '../../ui/PageHeader'
import { Access } from './Access'
import { Acts } from './Acts'
import { People } from './People'
import { Removals } from './Removals'
import { StorageRoom } from './StorageRoom'
import { isRoom, ROOMS } from './search'
import { Webhooks } from './Webhooks'
import { Workers } from './Workers'

const CONTENT = {
  acts: Acts,
  people: People,
  storage: StorageRoom,
  workers: Workers,
  removals: Removals,
  access: Access,
  webhooks: Webhooks,
}

export function ControlPage() {
  const { t } = useTranslation()
  const { room = 'acts' } = useSearch({ from: '/member/shell/admin/control' })
  const navigate = useNavigate()
  const mayManage = useRight('workspace.manage')
  const Content = CONTENT[room]
  return (
    <>
      <PageHeader
        above={<TextLink to="/admin">{t('admin.title')}</TextLink>}
        title={t('control.title')}
        lead={t('control.lead')}
      />
      {!mayManage && <Alert>{t('control.ownersOnly')}</Alert>}
      {mayManage && (
        <Tabs
          value={room}
          keepMounted={false}
          onChange={(value) => isRoom(value) && void navigate({ to: '/admin/control', search: { room: value } })}
        >
          <Tabs.List mb="lg">
            {ROOMS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`control.rooms.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={room}>
            <Content />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  )
}
