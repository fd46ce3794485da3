/** Who is in the workspace, who is invited, and of which roles a second step of the login is asked. */
import { Checkbox, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { Invitations } from './Invitations'
import { MemberTable } from './MemberTable'
import { membersQuery, ROLES, type Role, rulesQuery, useSetRules } from './people'

export function People() {
  const { t } = useTranslation()
  const { data, ...members } = useQuery(membersQuery)
  return (
    <Stack gap="xl">
      <section aria-labelledby="members">
        <Title order={2} size="h4" mb="xs" id="members">
          {t('people.members')}
        </Title>
        {members.isError && <ErrorNote error={members.error} retry={() => void members.refetch()} />}
        {members.isPending && <Skeleton h={160} />}
        {data && <MemberTable members={data} />}
      </section>
      <Invitations />
      <SecondStepRule />
    </Stack>
  )
}

function SecondStepRule() {
  const { t } = useTranslation()
  const { data } = useQuery(rulesQuery)
  const set = useSetRules()
  return (
    <section aria-labelledby="second-step-rule">
      <Title order={2} size="h4" mb={4} id="second-step-rule">
        {t('people.secondStepRule')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('people.secondStepRuleText')}
      </Text>
      <Checkbox.Group
        aria-labelledby="second-step-rule"
        value={(set.isPending ? set.variables.second_factor_roles : data?.second_factor_roles) ?? []}
        onChange={(roles) => set.mutate({ second_factor_roles: roles as Role[] })}
      >
        <Group gap="md">
          {ROLES.map((role) => (
            <Checkbox key={role} value={role} label={t(`roles.${role}`)} disabled={!data} />
          ))}
        </Group>
      </Checkbox.Group>
    </section>
  )
}
