/** What is given to whom, how far it is, and the way to take it back, and to give it again. */
import { Badge, Button, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '../../api/me'
import type { Assignment } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { notifyError } from '../../ui/notify'
import { AssignForm } from './AssignForm'
import { AssignmentProgress } from './AssignmentProgress'
import { assignmentsQuery, useEndAssignment } from './queries'
import { deskOf, whatOf } from './what'

export function Assignments() {
  const { t } = useTranslation()
  const mayAssign = useRight('audit.review')
  const standing = useQuery(assignmentsQuery())
  const end = useEndAssignment()
  const [ended, setEnded] = useState<Assignment | null>(null)
  const change = (assignment: Assignment, ending: boolean): void =>
    end.mutate(
      { id: assignment.id, ended: ending },
      { onSuccess: () => setEnded(ending ? assignment : null), onError: notifyError },
    )
  return (
    <section aria-labelledby="assignments">
      <Title order={2} size="h4" id="assignments" mb="xs">
        {t('team.assignments')}
      </Title>
      {mayAssign && <AssignForm />}
      {standing.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('team.nothingAssigned')}
        </Text>
      )}
      {ended && (
        <Text size="sm" role="status">
          {t('team.ended', { what: whatOf(ended), name: ended.user.name })}{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => change(ended, false)}>
            {t('audit.undo')}
          </Button>
        </Text>
      )}
      {standing.data && standing.data.length > 0 && (
        <Table verticalSpacing="xs" aria-labelledby="assignments">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('team.person')}</Table.Th>
              <Table.Th>{t('team.what')}</Table.Th>
              <Table.Th>{t('team.howFar')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {standing.data.map((assignment) => (
              <Table.Tr key={assignment.id}>
                <Table.Td>{assignment.user.name}</Table.Td>
                <Table.Td>
                  <TextLink to="/audit/desk" search={deskOf(assignment)}>
                    {whatOf(assignment)}
                  </TextLink>{' '}
                  {assignment.alone && <Badge variant="light">{t('team.alone')}</Badge>}
                </Table.Td>
                <Table.Td>
                  <AssignmentProgress assignment={assignment} />
                </Table.Td>
                <Table.Td ta="right">
                  {mayAssign && (
                    <Button size="compact-sm" variant="default" onClick={() => change(assignment, true)}>
                      {t('team.end')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}
