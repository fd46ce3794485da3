/** `/admin`: the rooms of whoever keeps the workspace. */
import { SimpleGrid, Text } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { IconApi, IconExternalLink, IconKey, IconSettings, IconShieldCog, IconTags } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useRight } from '../../api/me'
import { PageHeader } from '../../ui/PageHeader'
import classes from './admin.module.css'

export function AdminPage() {
  const { t } = useTranslation()
  const me = useMe()
  const mayManage = useRight('workspace.manage')
  return (
    <>
      <PageHeader title={t('admin.title')} lead={t('admin.lead', { workspace: me?.workspace.name })} />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {mayManage && (
          <Link to="/admin/control" className={classes.room}>
            <Room icon={IconShieldCog} title={t('control.title')} text={t('control.lead')} />
          </Link>
        )}
        <Link to="/admin/taxonomies" className={classes.room}>
          <Room icon={IconTags} title={t('admin.taxonomies')} text={t('admin.taxonomiesText')} />
        </Link>
        <Link to="/admin/tokens" className={classes.room}>
          <Room icon={IconKey} title={t('admin.tokens')} text={t('admin.tokensText')} />
        </Link>
        <a href="/api/v1/docs/" className={classes.room} target="_blank" rel="noreferrer">
          <Room icon={IconApi} title={t('admin.api')} text={t('admin.apiText')} outside />
        </a>
        {me?.staff && (
          <a href="/django-admin/" className={classes.room} target="_blank" rel="noreferrer">
            <Room icon={IconSettings} title={t('admin.rows')} text={t('admin.rowsText')} outside />
          </a>
        )}
      </SimpleGrid>
    </>
  )
}

function Room({
  icon: Picture,
  title,
  text,
  outside,
}: {
  icon: Icon
  title: string
  text: ReactNode
  outside?: boolean
}) {
  return (
    <>
      <Picture size={22} stroke={1.5} aria-hidden />
      <span>
        <Text span fw={600}>
          {title} {outside && <IconExternalLink size={13} aria-hidden />}
        </Text>
        <Text span size="sm" c="dimmed" display="block">
          {text}
        </Text>
      </span>
    </>
  )
}
