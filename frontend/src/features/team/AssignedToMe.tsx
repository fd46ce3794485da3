/** What a lead gave to whoever looks: claims prefer it, and each line opens the desk on it. */
import { Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { AssignmentProgress } from './AssignmentProgress'
import { assignmentsQuery } from './queries'
import { deskOf, whatOf } from './what'

export function AssignedToMe() {
  const { t } = useTranslation()
  const mine = useQuery(assignmentsQuery({ mine: true }))
  if (!mine.data?.length) return null
  return (
    <Paper withBorder p="md" mb="lg" component="section" aria-label={t('team.assignedToMe')}>
      <Text size="sm" fw={600} mb="xs">
        {t('team.assignedToMe')}
      </Text>
      <Stack gap="xs">
        {mine.data.map((assignment) => (
          <Group key={assignment.id} gap="md">
            <TextLink to="/audit/desk" search={deskOf(assignment)} size="sm">
              {whatOf(assignment)}
            </TextLink>
            <AssignmentProgress assignment={assignment} />
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
