/** Title of a page, what it is for in one line, and its actions at the right. */
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface PageHeaderProps {
  title: string
  lead?: ReactNode
  above?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, lead, above, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Headway`
  }, [title])
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <Stack gap={2} miw={0}>
        {above && (
          <Text component="div" size="sm" c="dimmed">
            {above}
          </Text>
        )}
        <Title order={1} size="h2" fw={600}>
          {title}
        </Title>
        {lead && (
          <Text component="div" size="sm" c="dimmed" maw={720}>
            {lead}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
