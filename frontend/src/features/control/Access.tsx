/** Whatever opens something here without a login: members' API tokens and devices' own, each to be revoked. */
import { Button, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { tokensOfAllQuery, useRevoke } from './queries'

interface Row {
  path: string
  name: string
  detail: string
  created: string
  expiry: string | null
}

export function Access() {
  const { t } = useTranslation()
  const { data, ...tokens } = useQuery(tokensOfAllQuery)
  const people = data?.people.map(({ key, owner, created, expiry }) => ({
    path: `people/${key}`,
    name: owner.name,
    detail: `${key}…`,
    created,
    expiry,
  }))
  const devices = data?.devices.map(({ id, device, created, expiry }) => ({
    path: `devices/${id}`,
    name: device,
    detail: t('control.deviceToken'),
    created,
    expiry,
  }))
  return (
    <Stack gap="xl">
      {tokens.isError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton h={200} />}
      {people && <Tokens title={t('control.peopleTokens')} rows={people} />}
      {devices && <Tokens title={t('control.deviceTokens')} rows={devices} />}
    </Stack>
  )
}

function Tokens({ title, rows }: { title: string; rows: Row[] }) {
  const { t } = useTranslation()
  const revoke = useRevoke()
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('control.none')}
        </Text>
      ) : (
        <Table aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('control.owner')}</Table.Th>
              <Table.Th>{t('admin.token')}</Table.Th>
              <Table.Th>{t('admin.tokenCreated')}</Table.Th>
              <Table.Th>{t('admin.tokenExpiry')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ path, name, detail, created, expiry }) => (
              <Table.Tr key={path}>
                <Table.Td>{name}</Table.Td>
                <Table.Td ff="monospace">{detail}</Table.Td>
                <Table.Td>{formatDate(created)}</Table.Td>
                <Table.Td>{expiry ? formatDate(expiry) : t('admin.tokenNever')}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="red"
                    aria-label={t('control.revokeOf', { name, token: detail })}
                    loading={revoke.isPending && revoke.variables === path}
                    onClick={() => revoke.mutate(path)}
                  >
                    {t('admin.revoke')}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}
