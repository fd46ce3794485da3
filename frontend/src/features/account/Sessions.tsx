/** Where the person is logged in, each to be ended. */
import { Badge, Button, Group, Skeleton, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { browserOf } from './browserOf'
import { type Session, sessionsQuery, useEndSessions } from './queries'

export function Sessions() {
  const { t } = useTranslation()
  const { data, ...query } = useQuery(sessionsQuery)
  const end = useEndSessions()
  const others = data?.filter((one) => !one.is_current).map(({ id }) => id) ?? []
  return (
    <section aria-labelledby="sessions">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="sessions">
          {t('account.sessions')}
        </Title>
        {others.length > 1 && (
          <Button size="compact-xs" variant="subtle" color="red" onClick={() => end.mutate(others)}>
            {t('account.endOthers')}
          </Button>
        )}
      </Group>
      {query.isError && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton h={80} />}
      {data && (
        <Table aria-labelledby="sessions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('account.browser')}</Table.Th>
              <Table.Th>{t('account.address')}</Table.Th>
              <Table.Th>{t('account.since')}</Table.Th>
              <Table.Th>{t('account.lastSeen')}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...data]
              .sort((one, other) => other.last_seen_at - one.last_seen_at)
              .map((one) => (
                <Row
                  key={one.id}
                  session={one}
                  ending={end.isPending && (end.variables?.includes(one.id) ?? false)}
                  onEnd={() => end.mutate([one.id])}
                />
              ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}

function Row({ session, ending, onEnd }: { session: Session; ending: boolean; onEnd: () => void }) {
  const { t } = useTranslation()
  const name = browserOf(session.user_agent) || t('account.unknownBrowser')
  return (
    <Table.Tr>
      <Table.Td title={session.user_agent}>{name}</Table.Td>
      <Table.Td>{session.ip}</Table.Td>
      <Table.Td>{formatDate(new Date(session.created_at * 1000).toISOString())}</Table.Td>
      <Table.Td>{formatDate(new Date(session.last_seen_at * 1000).toISOString())}</Table.Td>
      <Table.Td ta="right">
        {session.is_current ? (
          <Badge variant="light">{t('account.thisOne')}</Badge>
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            color="red"
            aria-label={t('account.endOf', { name })}
            loading={ending}
            onClick={onEnd}
          >
            {t('account.end')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
