/** `/audit/team/decisions?user=&days=`: the decisions behind a figure of the team's page. */
import { Skeleton, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../ui/ButtonLink'
import { ErrorNote } from '../../ui/ErrorNote'
import { formatDate } from '../../ui/format'
import { PageHeader } from '../../ui/PageHeader'
import { decisionsQuery, peopleQuery } from './queries'

const KINDS = ['accepted', 'rejected', 'dismissed', 'relabelled', 'reshaped', 'created', 'unsure'] as const

export function DecisionsPage() {
  const { t } = useTranslation()
  const { user, days = 7 }: { user?: number; days?: number } = useSearch({ strict: false })
  const person = useQuery(peopleQuery).data?.find(({ id }) => id === user)
  const found = useQuery(decisionsQuery(user ?? null, days))
  return (
    <>
      <PageHeader
        title={person ? t('team.decisionsOf', { name: person.name }) : t('team.allDecisions')}
        lead={`${t('team.lastDays', { count: days })}. ${t('team.decisionsLead')}`}
        above={<TextLink to="/audit/team">{t('team.title')}</TextLink>}
      />
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton h={280} />}
      {found.data?.results.length === 0 && <Text c="dimmed">{t('team.noDecisions')}</Text>}
      {found.data && found.data.results.length > 0 && (
        <Table verticalSpacing={4} aria-label={t('team.decisions')} style={{ fontVariantNumeric: 'tabular-nums' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('team.when')}</Table.Th>
              <Table.Th>{t('team.person')}</Table.Th>
              <Table.Th>{t('team.kind')}</Table.Th>
              <Table.Th>{t('team.frame')}</Table.Th>
              <Table.Th ta="right">{t('team.seconds')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.results.map((event) => (
              <Table.Tr key={event.id}>
                <Table.Td>{formatDate(event.created_at)}</Table.Td>
                <Table.Td>{event.user.name}</Table.Td>
                <Table.Td>
                  {wordOf(event.kind, (kind) => t(`team.kinds.${kind}`))} {event.category}
                </Table.Td>
                <Table.Td>
                  <TextLink to="/audit/desk" search={{ frame: event.frame }}>
                    {event.drive_name}, {event.frame_name}
                  </TextLink>
                </Table.Td>
                <Table.Td ta="right">{event.seconds?.toFixed(2) ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {found.data?.next && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('team.onlyNewest', { count: found.data.results.length })}
        </Text>
      )}
    </>
  )
}

function wordOf(kind: string, word: (kind: (typeof KINDS)[number]) => string): string {
  const known = KINDS.find((one) => one === kind)
  return known ? word(known) : kind
}
