/** The frame of every page: rooms at the left, running work at the top right. */
import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { UploadsIndicator } from '../features/footage/UploadsIndicator'
import { JobsIndicator } from '../features/jobs/JobsIndicator'
import { Navigation } from './Navigation'
import classes from './Shell.module.css'
import { UserMenu } from './UserMenu'
import { WorkspaceName } from './WorkspaceName'

/** Comes after the first paint, and long before a session can end. */
const LoginDialog = lazy(() =>
  import('../features/session/LoginDialog').then((module) => ({ default: module.LoginDialog })),
)

export function Shell() {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure()
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="lg"
      transitionDuration={0}
    >
      <a className={classes.skip} href="#main">
        {t('shell.skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('shell.menu')} />
            <WorkspaceName />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <UploadsIndicator />
            <JobsIndicator />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
      <Suspense>
        <LoginDialog />
      </Suspense>
    </AppShell>
  )
}
