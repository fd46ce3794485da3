/** Invitations: by address and role, with the link to hand over where no mail is sent; open ones to be withdrawn. */
import { Alert, Button, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError, errorText } from '../../api/errors'
import { CommandLine } from '../../ui/CommandLine'
import { formatDate } from '../../ui/format'
import { invitationsQuery, type NewInvitation, ROLES, type Role, useInvite, useWithdraw } from './people'

export function Invitations() {
  const { t } = useTranslation()
  const { data } = useQuery(invitationsQuery)
  const invite = useInvite()
  return (
    <section aria-labelledby="invitations">
      <Title order={2} size="h4" mb="xs" id="invitations">
        {t('people.invitations')}
      </Title>
      <Stack gap="sm">
        <InviteForm invite={invite} />
        {invite.data && <Made made={invite.data} />}
        {data && data.length > 0 && <OpenOnes rows={data} />}
      </Stack>
    </section>
  )
}

function InviteForm({ invite }: { invite: ReturnType<typeof useInvite> }) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { email: '', role: 'annotator' as Role } })
  const submit = form.onSubmit((values) =>
    invite.mutate(values, {
      onSuccess: () => form.setFieldValue('email', ''),
      onError: (error) =>
        form.setErrors(
          error instanceof ApiError && Object.keys(error.fields).length ? error.fields : { email: errorText(error) },
        ),
    }),
  )
  return (
    <form onSubmit={submit}>
      <Group align="flex-start" gap="sm">
        <TextInput w={280} label={t('session.email')} type="email" required {...form.getInputProps('email')} />
        <Select
          w={170}
          label={t('people.role')}
          data={ROLES.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
        <Button type="submit" mt={25} loading={invite.isPending}>
          {t('people.invite')}
        </Button>
      </Group>
    </form>
  )
}

function Made({ made }: { made: NewInvitation }) {
  const { t } = useTranslation()
  return (
    <Alert color="teal" variant="light" title={t('people.linkOf', { email: made.email })}>
      <Stack gap="xs">
        <Text size="sm">{made.mailed ? t('people.mailed') : t('people.notMailed')}</Text>
        <CommandLine command={made.link} />
      </Stack>
    </Alert>
  )
}

function OpenOnes({ rows }: { rows: { id: number; email: string; role: Role; expires_at: string }[] }) {
  const { t } = useTranslation()
  const withdraw = useWithdraw()
  return (
    <Table aria-labelledby="invitations">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('session.email')}</Table.Th>
          <Table.Th>{t('people.role')}</Table.Th>
          <Table.Th>{t('people.until')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ id, email, role, expires_at }) => (
          <Table.Tr key={id}>
            <Table.Td>{email}</Table.Td>
            <Table.Td>{t(`roles.${role}`)}</Table.Td>
            <Table.Td>{formatDate(expires_at)}</Table.Td>
            <Table.Td ta="right">
              <Button
                size="compact-xs"
                variant="subtle"
                color="red"
                aria-label={t('people.withdrawOf', { email })}
                loading={withdraw.isPending && withdraw.variables === id}
                onClick={() => withdraw.mutate(id)}
              >
                {t('people.withdraw')}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
