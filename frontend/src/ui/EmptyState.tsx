/** An empty room: what will be here, and what to do now. */
import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  icon: Icon
  title: string
  children: ReactNode
  action?: ReactNode
}

export function EmptyState({ icon: Picture, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={56} px="md" ta="center">
      <ThemeIcon size={52} radius="xl" variant="light" color="gray">
        <Picture size={26} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={2} size="h4" fw={600} mt="xs">
        {title}
      </Title>
      <Text component="div" size="sm" c="dimmed" maw={520}>
        {children}
      </Text>
      {action && <div style={{ marginTop: 12 }}>{action}</div>}
    </Stack>
  )
}
