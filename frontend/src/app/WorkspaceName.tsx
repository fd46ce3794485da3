/** Where one works; a menu when there are several workspaces. */
import { Button, Group, Menu, Text } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import { useMe } from '../api/me'
import { chooseWorkspace } from '../api/workspace'

export function WorkspaceName() {
  const me = useMe()
  if (!me) return null
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/static/favicon.svg" width={22} height={22} alt="" />
      {me.workspaces.length < 2 ? <Text fw={600}>{me.workspace.name}</Text> : <WorkspaceMenu />}
    </Group>
  )
}

function WorkspaceMenu() {
  const me = useMe()
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" rightSection={<IconSelector size={16} />}>
          {me?.workspace.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {me?.workspaces.map((workspace) => (
          <Menu.Item key={workspace.slug} onClick={() => enter(workspace.slug)}>
            {workspace.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** A fresh start: nothing of the other workspace may stay in memory. */
function enter(slug: string): void {
  chooseWorkspace(slug)
  window.location.assign('/')
}
