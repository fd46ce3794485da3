/** What one address was told, how it answered, and the way to send it again. */
import { Badge, Button, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../../ui/format'
import { deliveriesQuery, useRepeat } from './queries'
import type { Delivery } from './types'

const COLOURS: Record<Delivery['state'], string> = { waiting: 'gray', delivered: 'teal', failed: 'red' }

export function DeliveryLog({ webhook }: { webhook: number }) {
  const { t } = useTranslation()
  const log = useQuery(deliveriesQuery(webhook))
  const repeat = useRepeat()
  if (log.data?.length === 0)
    return (
      <Text size="sm" c="dimmed" mt="sm">
        {t('control.nothingSent')}
      </Text>
    )
  return (
    <Table mt="sm" aria-label={t('control.log')}>
      <Table.Tbody>
        {log.data?.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>{formatDate(row.created_at)}</Table.Td>
            <Table.Td ff="monospace">{row.event}</Table.Td>
            <Table.Td>
              <Badge variant="light" color={COLOURS[row.state]}>
                {t(`control.delivery.${row.state}`)}
              </Badge>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Text span size="sm">
                {t('control.tries', { count: row.attempts })}
                {row.status !== null && ` · ${row.status}`}
              </Text>{' '}
              <Text span size="sm" c="dimmed">
                {row.answer.slice(0, 160)}
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              {row.state !== 'waiting' && (
                <Button size="compact-xs" variant="default" onClick={() => repeat.mutate(row.id)}>
                  {t('control.again')}
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
