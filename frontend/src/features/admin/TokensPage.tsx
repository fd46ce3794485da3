/** `/admin/tokens`: tokens for scripts. A token's secret is shown once, when it is made. */
import { Alert, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ApiToken } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { CommandLine } from '../../ui/CommandLine'
import { EmptyState } from '../../ui/EmptyState'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { tokensQuery, useCreateToken, useRevokeToken } from './queries'

export function TokensPage() {
  const { t } = useTranslation()
  const tokens = useQuery(tokensQuery)
  const create = useCreateToken()
  const make = (
    <Button leftSection={<IconPlus size={16} />} loading={create.isPending} onClick={() => create.mutate()}>
      {t('admin.newToken')}
    </Button>
  )
  return (
    <>
      <PageHeader
        above={<TextLink to="/admin">{t('admin.title')}</TextLink>}
        title={t('admin.tokens')}
        lead={t('admin.tokensLead')}
        actions={make}
      />
      {create.data && <NewToken token={create.data.token} />}
      {tokens.isError && <ErrorNote error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton h={120} />}
      {tokens.data?.results.length === 0 && (
        <EmptyState icon={IconKey} title={t('admin.noTokens')} action={make}>
          {t('admin.noTokensText')}
        </EmptyState>
      )}
      {tokens.data && tokens.data.results.length > 0 && <TokenTable tokens={tokens.data.results} />}
    </>
  )
}

function NewToken({ token }: { token: string }) {
  const { t } = useTranslation()
  return (
    <Alert color="teal" variant="light" mb="lg" title={t('admin.tokenMade')}>
      <Stack gap="xs">
        <Text size="sm">{t('admin.tokenOnce')}</Text>
        <CommandLine command={token} />
        <Text size="sm">{t('admin.tokenUse')}</Text>
        <CommandLine command={`curl -H "Authorization: Token ${token}" "${window.location.origin}/api/v1/drives/"`} />
      </Stack>
    </Alert>
  )
}

function TokenTable({ tokens }: { tokens: ApiToken[] }) {
  const { t } = useTranslation()
  const revoke = useRevokeToken()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('admin.token')}</Table.Th>
          <Table.Th>{t('admin.tokenCreated')}</Table.Th>
          <Table.Th>{t('admin.tokenExpiry')}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map(({ key, created, expiry }) => (
          <Table.Tr key={key}>
            <Table.Td ff="monospace">{key}…</Table.Td>
            <Table.Td>{formatDate(created)}</Table.Td>
            <Table.Td>{expiry ? formatDate(expiry) : t('admin.tokenNever')}</Table.Td>
            <Table.Td>
              <Group justify="flex-end">
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  loading={revoke.isPending && revoke.variables === key}
                  onClick={() => revoke.mutate(key)}
                >
                  {t('admin.revoke')}
                </Button>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
