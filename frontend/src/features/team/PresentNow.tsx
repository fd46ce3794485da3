/** Who is at the desk or the grid now, on which frame, and how many frames they hold. */
import { Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Present } from '../../api/types'
import { TextLink } from '../../ui/ButtonLink'
import { formatAgo } from '../../ui/format'
import { presenceQuery } from './queries'

export function PresentNow() {
  const { t } = useTranslation()
  const present = useQuery(presenceQuery)
  return (
    <section aria-labelledby="present">
      <Title order={2} size="h4" id="present" mb="xs">
        {t('team.presentNow')}
      </Title>
      {present.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('team.nobodyHere')}
        </Text>
      )}
      {present.data && present.data.length > 0 && (
        <Table verticalSpacing="xs" aria-labelledby="present">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('team.person')}</Table.Th>
              <Table.Th>{t('team.where')}</Table.Th>
              <Table.Th>{t('team.frame')}</Table.Th>
              <Table.Th ta="right">{t('team.held')}</Table.Th>
              <Table.Th ta="right">{t('team.seen')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {present.data.map((one) => (
              <Line key={one.user.id} one={one} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}

function Line({ one }: { one: Present }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td>{one.user.name}</Table.Td>
      <Table.Td>{t(`team.place.${one.place}`)}</Table.Td>
      <Table.Td>
        {one.drive && one.frame ? (
          <TextLink to="/audit/desk" search={{ frame: one.frame }}>
            {one.drive.name}, {one.frame_name}
          </TextLink>
        ) : (
          '–'
        )}
      </Table.Td>
      <Table.Td ta="right">{one.held}</Table.Td>
      <Table.Td ta="right">{formatAgo(one.seen_at)}</Table.Td>
    </Table.Tr>
  )
}
